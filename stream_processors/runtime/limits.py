"""How many faults of ours a partition may have before the worker stops: a bad deploy must not dead-letter everything."""

from collections import deque
from dataclasses import dataclass, field

WINDOW = 1_000
"""Records over which the ratio is taken."""

ENOUGH = 100
"""Records before a ratio means anything."""


class TooManyUnexpected(Exception):
    """A step failed on too many records of one partition: late beats wrong, so the worker stops."""


@dataclass(slots=True)
class UnexpectedLimit:
    """Counts unexpected failures of one step, per partition."""

    consecutive: int
    ratio: float
    _runs: dict[int, int] = field(default_factory=dict)
    _windows: dict[int, deque[bool]] = field(default_factory=dict)

    def saw(self, partition: int, unexpected: bool) -> None:
        """Note one record. Raises TooManyUnexpected past a limit."""
        run = self._runs.get(partition, 0) + 1 if unexpected else 0
        self._runs[partition] = run
        window = self._windows.setdefault(partition, deque(maxlen=WINDOW))
        window.append(unexpected)
        if not unexpected:
            return
        if run >= self.consecutive or (len(window) >= ENOUGH and sum(window) > self.ratio * len(window)):
            raise TooManyUnexpected(f"{run} in a row, {sum(window)} of the last {len(window)} records of one partition")
