"""pso-events-accepted -> classify() -> pso-events-classified."""

from collections.abc import Iterator

from schemas import topics
from schemas.records import AcceptedEvent, ClassifiedEvent
from stream_processors.domain.classification.classifier import Classifier
from stream_processors.shapes import Given, Processor


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
