"""How much more likely what was reported is under a cluster than by chance: a mixture over its shape, size and start.

The statistic is the logarithm of an average likelihood ratio, as of Shiryaev and Roberts (Pollak 1985, Annals of Statistics 13:
206-227) over starts, and over shapes as the Bayesian scan of Neill, Moore, Cooper (2005, NIPS 18). Shapes:

* pooled: every provider has R times its rate (a drug that all use);
* subset: each provider is struck with probability s / K, and then has r more events a day, whatever its size (a lot of devices
  at some); the sum over all subsets is a product over providers, so none is searched;
* subset by size: the same, but each has R times its own rate (a product used in proportion);
* single: one provider has r more events a day.

Counts are Poisson; expectations are of what is reported by now (see reporting_delay). A small provider's event weighs more
than a large one's, since a large one has them anyway; that is what pooled counts cannot see.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import logsumexp

from stream_processors.domain.signals.reporting_delay import Delay

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

WINDOWS = (3, 7, 14, 21, 28, 42, 63)
"""Days since the start of the cluster."""
MOST = 40
"""Events of one provider in one window; more count as so many."""

LARGEST = 600.0
"""Of a log likelihood ratio: its exponential is still a number."""

POOLED = (1.5, 2.0, 3.0, 5.0)
SUBSETS = ((4.0, 0.03), (4.0, 0.08), (8.0, 0.03), (8.0, 0.08))
"""(providers struck on average, events a day that each has more)."""
BY_SIZE = ((6.0, 4.0), (6.0, 12.0))
"""(providers struck on average, how many times its rate each has)."""
SINGLE = (0.1, 0.3)
_MANY = (len(POOLED), len(SUBSETS), len(BY_SIZE), len(SINGLE))
PRIOR = np.repeat(np.array([0.55, 0.25, 0.1, 0.1]) / _MANY, _MANY)
"""Weight of each shape, in this order; chosen on seeds 1 to 3 of the benchmark. Windows are as likely as each other."""


@dataclass(frozen=True, slots=True)
class Reports:
    """Events in the order of their days: day, day of report and provider's index of each."""

    day: Ints
    report_day: Ints
    provider: Ints


@dataclass(frozen=True, slots=True)
class _Window:
    """For one window: what nothing at all says, and what each event at each provider adds to it, by kind of shape."""

    length: int
    product: Floats  # (shapes,)
    product_step: Floats  # (providers, MOST, shapes)
    total: Floats
    total_step: Floats


def windows(rates: Floats, delay: Delay) -> list[_Window]:
    """Tables for providers with these rates, in events a day."""
    return [_window(rates, length, delay.exposure(length)) for length in WINDOWS]


def _window(rates: Floats, length: int, exposure: float) -> _Window:
    e = rates[:, None] * exposure
    n = np.arange(MOST + 1)
    many = [_times(e, n, R) for R in POOLED]
    many += [np.log1p(_share(s, rates.size) * np.expm1(_excess(e, n, r * exposure))) for s, r in SUBSETS]
    many += [np.log1p(_share(s, rates.size) * np.expm1(_times(e, n, R))) for s, R in BY_SIZE]
    product = np.stack(many, axis=-1)
    total = np.stack([np.exp(_excess(e, n, r * exposure)) / rates.size for r in SINGLE], axis=-1)
    return _Window(length, product[:, 0].sum(axis=0), np.diff(product, axis=1), total[:, 0].sum(axis=0), np.diff(total, axis=1))


def _share(struck: float, providers: int) -> float:
    return min(0.5, struck / providers)


def _excess(e: Floats, n: npt.NDArray[np.int64], extra: float) -> Floats:
    """Log likelihood ratio of n events where e are expected, for `extra` more."""
    return np.asarray(np.minimum(n * np.log1p(extra / e) - extra, LARGEST))


def _times(e: Floats, n: npt.NDArray[np.int64], ratio: float) -> Floats:
    """The same for `ratio` times as many."""
    return np.asarray(np.minimum(n * np.log(ratio) - (ratio - 1) * e, LARGEST))


def evidence(tables: Sequence[_Window], reports: Reports, days: Ints) -> Floats:
    """The score at the end of each of these days, from what was reported by then."""
    scores = np.empty((days.size, len(WINDOWS) * PRIOR.size))
    for at in range(0, days.size, 20_000):
        _score(tables, reports, days[at : at + 20_000], scores[at : at + 20_000])
    return np.asarray(logsumexp(scores, axis=1, b=np.tile(PRIOR / len(WINDOWS), len(WINDOWS))))


def _score(tables: Sequence[_Window], reports: Reports, days: Ints, scores: Floats) -> None:
    look, event = _seen(reports, days)
    age, provider = days[look] - reports.day[event], reports.provider[event]
    rank = _rank(look, provider)
    column = 0
    for table in tables:
        inside = age < table.length
        where = provider[inside], np.minimum(rank[inside], MOST - 1)
        for base, step, log in ((table.product, table.product_step, True), (table.total, table.total_step, False)):
            added = step[where]
            for shape in range(base.size):
                value = base[shape] + np.bincount(look[inside], added[:, shape], days.size)
                scores[:, column] = value if log else np.log(np.maximum(value, 1e-300))
                column += 1


def _seen(reports: Reports, days: Ints) -> tuple[Ints, Ints]:
    """Pairs of look and event: reported by then, within the longest window; for each look the youngest event first."""
    end = np.searchsorted(reports.day, days, side="right")
    begin = np.searchsorted(reports.day, days - WINDOWS[-1], side="right")
    look = np.repeat(np.arange(days.size), end - begin)
    offset = np.arange(look.size) - np.repeat(np.cumsum(end - begin) - (end - begin), end - begin)
    event = np.repeat(end, end - begin) - 1 - offset
    known = reports.report_day[event] <= days[look]
    return look[known], event[known]


def _rank(look: Ints, provider: Ints) -> Ints:
    """How many younger events of the same provider each look has before this one."""
    order = np.lexsort((provider, look))  # stable: the youngest stays first
    new = np.ones(look.size, bool)
    new[1:] = (np.diff(look[order]) != 0) | (np.diff(provider[order]) != 0)
    starts = np.flatnonzero(new)
    rank = np.empty(look.size, np.int64)
    rank[order] = np.arange(look.size) - np.repeat(starts, np.diff(np.append(starts, look.size)))
    return rank
