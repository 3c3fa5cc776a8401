"""pso-events-submitted-<arrangement> -> validate() -> pso-events-accepted."""

from collections.abc import Iterator

from schemas import topics
from schemas.records import AcceptedEvent, SafetyEvent
from stream_processors.domain import validation
from stream_processors.domain.arrangements import Arrangements
from stream_processors.shapes import Given, Processor


def validate(arrangements: Arrangements) -> Processor:
    """The step that accepts events under these arrangements; the entry topic says whose."""

    def accept(event: SafetyEvent, given: Given) -> Iterator[AcceptedEvent]:
        yield validation.validate(event, arrangements.of(given.topic))

    return Processor(
        name="validate",
        reads=arrangements.entries,
        function=accept,
        writes=topics.EVENTS_ACCEPTED,
    )
