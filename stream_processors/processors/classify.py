"""pso-events-accepted -> classify() -> pso-events-classified."""

from collections.abc import Iterator

from schemas import topics
from schemas.records import AcceptedEvent, ClassifiedEvent
from stream_processors.domain.classification import rules
from stream_processors.shapes import Given, Processor


def _classify(record: AcceptedEvent, _given: Given) -> Iterator[ClassifiedEvent]:
    yield rules.classify(record)


CLASSIFY = Processor(
    name="classify",
    reads=(topics.EVENTS_ACCEPTED,),
    function=_classify,
    writes=topics.EVENTS_CLASSIFIED,
)
