"""Spatial and temporal scan: which zone of many has the greatest excess, and how often chance makes one as great somewhere.

Kulldorff (1997), Communications in Statistics - Theory and Methods 26: 1481-1496. The p-value is that of the greatest of all
zones: rank among simulations under the null hypothesis, with the total held fixed. Secondary clusters that do not overlap a
stronger one are compared with the same distribution, as SaTScan does, which is conservative.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import xlogy

Floats = npt.NDArray[np.float64]
Zones = npt.NDArray[np.bool_]
"""A row for each zone, a column for each unit: which units it holds."""

CHUNK = 100
"""Simulations at a time."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A zone with more than expected: its number, events, expectation, log likelihood ratio, Monte-Carlo p."""

    zone: int
    events: float
    expected: float
    log_likelihood_ratio: float
    p: float


def poisson_ratio(events: npt.ArrayLike, expected: npt.ArrayLike, total: float) -> Floats:
    """c ln(c/E) + (C-c) ln((C-c)/(C-E)) where c > E, else 0; the expectations of all units sum up to the total C."""
    c, e = np.asarray(events, float), np.asarray(expected, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = xlogy(c, c / e) + xlogy(total - c, (total - c) / (total - e))
    return np.where((c > e) & (e > 0), ratio, 0.0)


def binomial_ratio(cases: npt.ArrayLike, sizes: npt.ArrayLike, all_cases: float, all_sizes: float) -> Floats:
    """The same for proportions: cases among so many in the zone, and in all. Arrays of one shape; 0 where no excess."""
    c, n = np.asarray(cases, float), np.asarray(sizes, float)
    ratio = _bernoulli(c, n) + _bernoulli(all_cases - c, all_sizes - n)
    return np.where(c * all_sizes > n * all_cases, ratio - _bernoulli(np.float64(all_cases), np.float64(all_sizes)), 0.0)


def _bernoulli(c: npt.ArrayLike, n: npt.ArrayLike) -> Floats:
    c, n = np.asarray(c, float), np.asarray(n, float)
    return np.asarray(xlogy(c, c / n) + xlogy(n - c, (n - c) / n))


def scan(events: Floats, expected: Floats, zones: Zones, simulations: int, seed: int) -> list[Cluster]:
    """Clusters that do not overlap, the strongest first. Expectations are scaled to the number of events.

    p = (1 + simulations whose greatest ratio is at least as great) / (1 + simulations).
    """
    total = float(events.sum())
    share = expected / expected.sum()
    member = zones.astype(float)
    within = member @ (share * total)
    greatest = _greatest(share, member, round(total), simulations, np.random.default_rng(seed))
    seen = member @ events
    ratios = poisson_ratio(seen, within, total)
    clusters: list[Cluster] = []
    taken = np.zeros(events.size, bool)
    for zone in np.argsort(-ratios, kind="stable").tolist():
        if ratios[zone] <= 0:
            break
        if (zones[zone] & taken).any():
            continue
        taken |= zones[zone]
        p = (1 + int((greatest >= ratios[zone] - 1e-9).sum())) / (1 + simulations)
        clusters.append(Cluster(zone, float(seen[zone]), float(within[zone]), float(ratios[zone]), p))
    return clusters


def _greatest(share: Floats, member: Floats, total: int, simulations: int, random: np.random.Generator) -> Floats:
    within = member @ (share * total)
    found = np.empty(simulations)
    for at in range(0, simulations, CHUNK):
        drawn = random.multinomial(total, share, min(CHUNK, simulations - at)).astype(float)
        found[at : at + CHUNK] = poisson_ratio(drawn @ member.T, within, total).max(axis=1, initial=0.0)
    return found
