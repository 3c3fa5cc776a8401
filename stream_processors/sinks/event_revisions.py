"""pso-events-accepted -> protected.event_revisions: every revision of every accepted event."""

from datetime import UTC, datetime, timedelta

import msgspec

from schemas import topics
from schemas.grades import Grade
from schemas.headers import Trail
from schemas.records import AcceptedEvent
from schemas.restrictions import Passing
from stream_processors.shapes import Arrival, Sink

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def row(record: AcceptedEvent, arrival: Arrival) -> tuple[object, ...]:
    """The event whole, what is asked of it most often beside it, and where it entered."""
    event, acceptance = record.event, record.acceptance
    trail = Trail.of(arrival.headers)
    origin = (trail.origin.topic, trail.origin.partition, trail.origin.offset) if trail else (None, None, None)
    return (
        event.provider,
        event.event_id,
        event.revision,
        arrival.digest,
        str(event.action),
        acceptance.policy_version,
        acceptance.arrangement,
        str(acceptance.provider_type),
        str(event.report_type),
        event.pses_entered_at,
        msgspec.json.encode(event).decode(),
        *origin,
        acceptance.test,
        [str(one.grade) for one in acceptance.restrictions if one.passes is Passing.NOTHING],
        _reported_at(trail),
    )


def _reported_at(trail: Trail | None) -> datetime | None:
    """When the PSO's broker took it. A time that no calendar has is none: a header can make no row that cannot be written."""
    try:
        return _EPOCH + timedelta(milliseconds=trail.accepted_at) if trail else None
    except OverflowError:
        return None


EVENT_REVISIONS = Sink(
    name="event-revisions",
    reads=(topics.EVENTS_ACCEPTED,),
    table="event_revisions",
    grade=Grade.P0,
    key=("provider", "event_id", "revision", "digest"),
    columns=(
        "provider",
        "event_id",
        "revision",
        "digest",
        "action",
        "policy_version",
        "arrangement",
        "provider_type",
        "report_type",
        "pses_entered_at",
        "event",
        "origin_topic",
        "origin_partition",
        "origin_offset",
        "test",
        "closed_grades",
        "reported_at",
    ),
    row=row,
)
