"""pso-events-accepted -> classify() -> pso-events-classified."""

from collections.abc import Iterator
from typing import Protocol

from schemas import topics
from schemas.records import AcceptedEvent, ClassifiedEvent
from stream_processors.shapes import Given, Processor


class Classifier(Protocol):
    """What gives advice. The protocol, so that naming the step loads no mathematics."""

    def classify(self, record: AcceptedEvent) -> ClassifiedEvent:
        """The event with advice beside its reporter's codes."""


def classify(classifier: Classifier) -> Processor:
    """The step with the classifier that advises in it."""

    def advised(record: AcceptedEvent, _given: Given) -> Iterator[ClassifiedEvent]:
        yield classifier.classify(record)

    return Processor(
        name="classify",
        reads=(topics.EVENTS_ACCEPTED,),
        function=advised,
        writes=topics.EVENTS_CLASSIFIED,
    )
