"""`pso publish send`: released cells onto the topic `pso-cells-published`, as often as one likes."""

import click

from schemas.codec import Codec
from schemas.topics import CELLS_PUBLISHED
from stream_processors.cli import context
from stream_processors.domain.publication.not_releasable import NotReleasable
from stream_processors.domain.publication.published_cells import lack
from stream_processors.domain.rejection import Unavailable
from stream_processors.runtime.cell_topic import CellTopic
from stream_processors.runtime.topic_admin import TopicAdmin
from stream_processors.runtime.wire import Wire
from stream_processors.settings import Settings
from stream_processors.warehouse.releases import released

NEEDED = (*context.DATABASE, *context.KAFKA)


@click.command()
@context.json_option
def send(as_json: bool) -> None:
    """Put every cell that was released and is not there yet on pso-cells-published.

    The releases in PostgreSQL decide: what the topic holds and no release does is refused with exit code 5, and nothing is
    written. `pso publish release` does the same by itself; this is for the time after a kill, or after Kafka was away.
    """
    written = complete(context.settings(NEEDED))
    if as_json:
        context.put({"written": written})


def complete(settings: Settings) -> int:
    """How many cells the topic lacked, and has now. Raises NotReleasable, Unavailable, Undelivered."""
    topic = _topic(settings)
    there = list(topic.read())  # before PostgreSQL is asked: what somebody else releases meanwhile is known there first
    found = lack(released(settings.text("PSO_DATABASE_URL"), settings.database_password), there)
    if found.strange:
        raise NotReleasable(
            f"{topic.name} holds {len(found.strange)} records that no release in this warehouse has, the first at "
            f"{found.strange[0]}: somebody else wrote them, or the warehouse was restored from an older state"
        )
    topic.write(found.missing)
    context.say(f"{len(found.missing)} released cells were written to {topic.name}")
    return len(found.missing)


def _topic(settings: Settings) -> CellTopic:
    wire = Wire(settings.text("PSO_NAMESPACE"), [CELLS_PUBLISHED])
    admin = TopicAdmin(settings.connection, wire, settings.whole("PSO_PARTITIONS"), settings.whole("PSO_REPLICATION_FACTOR"))
    if admin.missing([CELLS_PUBLISHED]):
        raise Unavailable(f"kafka (it lacks {wire.name(CELLS_PUBLISHED)}: `pso topics create`)")
    return CellTopic(settings.connection, wire.name(CELLS_PUBLISHED), Codec(context.catalogue(settings, [CELLS_PUBLISHED])))
