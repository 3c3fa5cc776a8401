"""What a sink tells the metrics."""

from collections.abc import Sequence
from datetime import datetime

from stream_processors.metrics import Metrics
from stream_processors.runtime.messages import Incoming
from stream_processors.runtime.observing import count_dead_letters, observe_age
from stream_processors.runtime.sink_rows import SinkRows
from stream_processors.warehouse.loader import Loaded


class SinkObserver:
    """The metrics of one sink, with their label bound once."""

    def __init__(self, metrics: Metrics, sink: str) -> None:
        self._step = f"sink-{sink}"
        self._dead_letters = metrics.dead_letters
        self._written = metrics.sink_rows.labels(sink=sink, outcome="written")
        self._known = metrics.sink_rows.labels(sink=sink, outcome="known")
        self._dead = metrics.sink_rows.labels(sink=sink, outcome="dead")
        self._seconds = metrics.sink_commit_seconds.labels(sink=sink)
        self._paused = metrics.sink_paused.labels(sink=sink)
        self._newest_day = ""
        self._newest = metrics.newest_event.labels(sink=sink)
        self._age = metrics.accept_age.labels(step=self._step)

    def committed(self, batch: Sequence[Incoming], made: SinkRows, loaded: Loaded, seconds: float) -> None:
        """A transaction is through."""
        reasons = [burial.reason for burial in made.burials]
        self._seconds.observe(seconds)
        self._note_event(made.newest_event)
        self._written.inc(loaded.written)
        self._dead.inc(len(reasons))
        self._known.inc(max(0, len(batch) - loaded.written - len(reasons)))
        count_dead_letters(self._dead_letters, self._step, reasons)
        observe_age(self._age, batch)

    def _note_event(self, day: str) -> None:
        if day > self._newest_day:
            self._newest_day = day
            self._newest.set(datetime.fromisoformat(f"{day}T00:00:00+00:00").timestamp())

    def paused(self, waits: bool) -> None:
        """Nothing is written, for PostgreSQL or Kafka is away."""
        self._paused.set(1 if waits else 0)
