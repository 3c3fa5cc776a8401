"""What steps and sinks tell the metrics alike."""

from collections import Counter
from collections.abc import Iterable, Sequence

from prometheus_client import Counter as Total
from prometheus_client import Histogram

from schemas.headers import Trail
from stream_processors.runtime.clock import now_ms
from stream_processors.runtime.messages import Incoming


def count_dead_letters(total: Total, step: str, reasons: Iterable[str]) -> None:
    """One more dead letter for each reason."""
    for reason, count in Counter(reasons).items():
        total.labels(step=step, reason=reason).inc(count)


def observe_age(age: Histogram, records: Sequence[Incoming]) -> None:
    """Seconds since acceptance. The age of the last record stands for all; an entry topic's record has none yet."""
    if records and (trail := Trail.of(records[-1].headers)):
        age.observe(max(0.0, (now_ms() - trail.accepted_at) / 1000))
