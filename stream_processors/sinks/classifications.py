"""pso-events-classified -> protected.classifications: the advice alone, beside the event it is about."""

import msgspec

from schemas import topics
from schemas.grades import Grade
from schemas.records import ClassifiedEvent
from stream_processors.shapes import Arrival, Sink


def row(record: ClassifiedEvent, arrival: Arrival) -> tuple[object, ...]:
    """The keys of the event and what the classifier said."""
    event, advice = record.event, record.classification
    return (
        event.provider,
        event.event_id,
        event.revision,
        arrival.digest,
        record.acceptance.policy_version,
        advice.classifier,
        None if advice.report_type is None else str(advice.report_type),
        [str(category) for category in advice.categories],
        None if advice.harm is None else str(advice.harm),
        advice.needs_review,
        None if advice.confidence is None else msgspec.json.encode(advice.confidence).decode(),
        msgspec.json.encode(advice.evidence).decode(),
        None if advice.medication is None else msgspec.json.encode(advice.medication).decode(),
        list(advice.never_events),
        record.acceptance.test,
    )


CLASSIFICATIONS = Sink(
    name="classifications",
    reads=(topics.EVENTS_CLASSIFIED,),
    table="classifications",
    grade=Grade.P0,
    key=("provider", "event_id", "revision", "digest"),
    columns=(
        "provider",
        "event_id",
        "revision",
        "digest",
        "policy_version",
        "classifier",
        "report_type",
        "categories",
        "harm",
        "needs_review",
        "confidence",
        "evidence",
        "medication",
        "never_events",
        "test",
    ),
    row=row,
)
