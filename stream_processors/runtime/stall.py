"""Has a step stopped without a word? Work waits, and nothing moves, for longer than it should."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class StallWatch:
    """One step. Feed it what Kafka says; it answers for how long work has waited without any progress, in seconds."""

    limit: float
    _done: int = -1
    _since: float | None = field(default=None)

    def saw(self, now: float, waiting: int, done: int) -> float:
        """Note lag and progress at a monotonic time; the seconds without progress while work waits."""
        if waiting == 0 or done != self._done:
            self._done = done
            self._since = now
            return 0.0
        return self.stalled(now)

    def stalled(self, now: float) -> float:
        """Seconds since the last progress, or 0 where nothing waits."""
        return 0.0 if self._since is None else now - self._since

    def excused(self, now: float) -> None:
        """The step waits for something that is away, and says so: that is no stall."""
        self._since = now
