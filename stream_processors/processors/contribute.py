"""pso-events-classified -> contributions() -> pso-contributions. A test event contributes nothing."""

from collections.abc import Iterator

from schemas import topics
from schemas.records import ClassifiedEvent, Contribution
from stream_processors.domain import aggregation
from stream_processors.shapes import Given, Processor


def _contribute(record: ClassifiedEvent, _given: Given) -> Iterator[Contribution]:
    yield from aggregation.contributions(record)


CONTRIBUTE = Processor(
    name="contribute",
    reads=(topics.EVENTS_CLASSIFIED,),
    function=_contribute,
    writes=topics.CONTRIBUTIONS,
)
