"""pso-events-classified -> alert() -> pso-alerts-raised."""

from collections.abc import Iterator

from schemas import topics
from schemas.records import Alert, ClassifiedEvent
from stream_processors.domain.alerts import alert
from stream_processors.shapes import Given, Processor


def _alert(record: ClassifiedEvent, _given: Given) -> Iterator[Alert]:
    found = alert(record)
    if found is not None:
        yield found


ALERT = Processor(
    name="alert",
    reads=(topics.EVENTS_CLASSIFIED,),
    function=_alert,
    writes=topics.ALERTS_RAISED,
)
