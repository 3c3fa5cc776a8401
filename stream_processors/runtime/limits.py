"""How many faults of ours a partition may have before the worker stops: a bad deploy must not dead-letter all."""

from dataclasses import dataclass, field

WINDOW = 1_000
"""Records over which the ratio is taken; older ones count half, then a quarter, and so on."""

ENOUGH = 100
"""Records before a ratio means anything."""


class TooManyUnexpected(Exception):
    """A step failed on too many records of one partition: late beats wrong, so the worker stops."""


@dataclass(slots=True)
class _Tally:
    run: int = 0
    seen: int = 0
    unexpected: int = 0


@dataclass(slots=True)
class UnexpectedLimit:
    """Counts unexpected failures of one step, per partition. Counters, no window of flags: this runs for every record."""

    consecutive: int
    ratio: float
    _tallies: dict[int, _Tally] = field(default_factory=dict)

    def saw(self, partition: int, unexpected: bool) -> None:
        """Note one record. Raises TooManyUnexpected past a limit."""
        tally = self._tallies.get(partition)
        if tally is None:
            tally = self._tallies[partition] = _Tally()
        tally.seen += 1
        if tally.seen > WINDOW:
            tally.seen, tally.unexpected = tally.seen // 2, tally.unexpected // 2
        if not unexpected:
            tally.run = 0
            return
        tally.run += 1
        tally.unexpected += 1
        too_many = tally.seen >= ENOUGH and tally.unexpected > self.ratio * tally.seen
        if tally.run >= self.consecutive or too_many:
            raise TooManyUnexpected(f"{tally.run} in a row, {tally.unexpected} of {tally.seen} records of one partition")
