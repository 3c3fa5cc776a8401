"""What a step tells the metrics: one place that knows their names, so that the work itself reads as work."""

from collections import Counter
from collections.abc import Sequence

from stream_processors.metrics import Metrics
from stream_processors.runtime.clock import now_ms
from stream_processors.runtime.messages import Incoming
from stream_processors.runtime.step import Outcome, trails


class StepObserver:
    """The metrics of one step, with their label bound once."""

    def __init__(self, metrics: Metrics, step: str) -> None:
        self._step = step
        self._dead_letters = metrics.dead_letters
        self._read = metrics.records.labels(step=step, outcome="read")
        self._written = metrics.records.labels(step=step, outcome="written")
        self._dead = metrics.records.labels(step=step, outcome="dead")
        self._chunk = metrics.chunk_records.labels(step=step)
        self._seconds = metrics.step_seconds.labels(step=step)
        self._delivery = metrics.delivery_seconds.labels(step=step)
        self._age = metrics.accept_age.labels(step=step)

    def worked(self, chunk: Sequence[Incoming], outcome: Outcome, seconds: float) -> None:
        """A chunk was turned into outputs and dead letters."""
        self._chunk.observe(len(chunk))
        self._seconds.observe(seconds)
        self._read.inc(len(chunk))
        self._written.inc(len(outcome.outputs))
        for reason, count in Counter(outcome.reasons).items():
            self._dead_letters.labels(step=self._step, reason=reason).inc(count)
        self._dead.inc(len(outcome.dead))

    def delivered(self, chunk: Sequence[Incoming], seconds: float) -> None:
        """Its outputs are acknowledged. The age of one record stands for its chunk."""
        self._delivery.observe(seconds)
        newest = max((trail.accepted_at for trail in trails(chunk[-1:])), default=None)
        if newest is not None:
            self._age.observe(max(0.0, (now_ms() - newest) / 1000))
