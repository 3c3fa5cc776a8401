"""pso-contributions -> protected.contributions, and the counts of cells that follow from the latest of each event."""

from schemas import topics
from schemas.grades import Grade
from schemas.records import Contribution
from stream_processors.shapes import Arrival, Effect, Sink


def row(record: Contribution, _arrival: Arrival) -> tuple[object, ...]:
    """The contribution. Each cell and member once, sorted: two ways to write the same are one."""
    return (
        record.provider,
        record.event_id,
        record.revision,
        record.policy_version,
        record.withdrawn,
        record.members_version,
        sorted({cell.key for cell in record.cells}),
        sorted(set(record.members)),
    )


CONTRIBUTIONS = Sink(
    name="contributions",
    reads=(topics.CONTRIBUTIONS,),
    table="contributions",
    grade=Grade.P0,
    key=("provider", "event_id"),
    columns=("provider", "event_id", "revision", "policy_version", "withdrawn", "members_version", "cells", "members"),
    row=row,
    effect=Effect.FOLD,
)
