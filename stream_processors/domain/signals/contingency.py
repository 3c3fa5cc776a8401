"""The counts behind every disproportionality method: one 2x2 table per pair of an exposure and an event.

    | reports               | with the event | without it |
    |-----------------------|----------------|------------|
    | with the exposure     | a = n          | b          |
    | without the exposure  | c              | d          |

All counts are unique reports, so a report that names a pair twice counts once, and margins are no sums of cells: a report
with three events counts once in the margin of its exposure. Where rows link an exposure to an event, a report can have both
and not the pair: it then stands in b and in c, and d = N - b - c - a can even be below zero.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]
Wholes = NDArray[np.int64]

Z_95 = 1.96
"""Standard normal quantile of two-sided 95 % intervals, as the published tables round it."""


class ImpossibleCounts(ValueError):
    """Counts that no set of reports can have."""


class Estimate(NamedTuple):
    """A measure and its 95 % interval, arrays of one length."""

    value: Reals
    low: Reals
    high: Reals


@dataclass(frozen=True, slots=True)
class PairCounts:
    """Counts of unique reports for many pairs at once; arrays of one length.

    `n` reports name both, `n_exposure` and `n_event` are the margins, `n_reports` is how many reports there are, `e` is the
    number of reports expected if exposure and event had nothing to do with each other (expectation.py).
    Raises ImpossibleCounts.
    """

    n: Wholes
    n_exposure: Wholes
    n_event: Wholes
    n_reports: int
    e: Reals

    def __post_init__(self) -> None:
        """What cannot be is a fault in the counting, and must not become a score."""
        if len({len(column) for column in (self.n, self.n_exposure, self.n_event, self.e)}) != 1:
            raise ImpossibleCounts("columns of several lengths")
        if not (possible(self.n, self.n_exposure, self.n_event, self.n_reports) & (self.e >= 0)).all():
            raise ImpossibleCounts("a pair with more reports than its margin, or an expectation below zero")

    def __len__(self) -> int:
        """How many pairs."""
        return len(self.n)

    @property
    def a(self) -> Reals:
        """Reports with the exposure and the event."""
        return self.n.astype(np.float64)

    @property
    def b(self) -> Reals:
        """Reports with the exposure and without the event."""
        return (self.n_exposure - self.n).astype(np.float64)

    @property
    def c(self) -> Reals:
        """Reports with the event and without the exposure."""
        return (self.n_event - self.n).astype(np.float64)

    @property
    def d(self) -> Reals:
        """Reports with neither, less those with both and not the pair."""
        return (self.n_reports - self.n_exposure - self.n_event + self.n).astype(np.float64)


def possible(n: Wholes, n_exposure: Wholes, n_event: Wholes, n_reports: int) -> NDArray[np.bool_]:
    """Which of the pairs have no more reports than their margins, nor these than there are. While counts arrive, some have."""
    return (n >= 0) & (n <= n_exposure) & (n <= n_event) & (n_exposure <= n_reports) & (n_event <= n_reports)


def log_interval(value: Reals, variance: Reals) -> Estimate:
    """95 % interval of a ratio whose logarithm is about normal; undefined (nan) where ratio or variance are not finite."""
    with np.errstate(all="ignore"):
        defined = (value > 0) & np.isfinite(value) & np.isfinite(variance)
        spread = np.exp(Z_95 * np.sqrt(np.where(defined, variance, np.nan)))
        return Estimate(value, value / spread, value * spread)
