"""pso-alerts-raised -> protected.alerts."""

from schemas import topics
from schemas.grades import Grade
from schemas.records import Alert
from stream_processors.shapes import Arrival, Sink


def row(record: Alert, arrival: Arrival) -> tuple[object, ...]:
    """The alert as it came."""
    return (
        record.provider,
        record.event_id,
        record.revision,
        arrival.digest,
        str(record.harm),
        [str(category) for category in record.categories],
        list(record.never_events),
    )


ALERTS = Sink(
    name="alerts",
    reads=(topics.ALERTS_RAISED,),
    table="alerts",
    grade=Grade.P0,
    key=("provider", "event_id", "revision", "digest"),
    columns=("provider", "event_id", "revision", "digest", "harm", "categories", "never_events"),
    row=row,
)
