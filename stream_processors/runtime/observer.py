"""What a step tells the metrics: one place that knows their names, so that the work itself reads as work."""

from collections.abc import Sequence

from stream_processors.metrics import Metrics
from stream_processors.runtime.messages import Incoming
from stream_processors.runtime.observing import count_dead_letters, observe_age
from stream_processors.runtime.step import Outcome


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
        count_dead_letters(self._dead_letters, self._step, outcome.reasons)
        self._dead.inc(len(outcome.dead))

    def delivered(self, chunk: Sequence[Incoming], seconds: float) -> None:
        """Its outputs are acknowledged."""
        self._delivery.observe(seconds)
        observe_age(self._age, chunk)
