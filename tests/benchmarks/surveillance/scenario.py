"""Invented surveillance: 40 providers of skewed size, rare series, late reports, and one hidden cluster in each series.

Assumptions. Discharges are lognormal (sigma 1, median 12,000 a year). Baselines are 1 to 12 per 100,000 discharges, the true
rate within 10 % (lognormal) of the one that is given. Six in ten reports come within days (geometric, mean 3), the others
within weeks (mean 15). A year of history, a year of watching; the cluster begins at least 30 days after the one and 90 before
the end of the other. No detector is told the shape, the providers, the start or the delay.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stream_processors.domain.signals.cluster_evidence import Ints, Reports

HISTORY, DAYS = 365, 730
SHAPES = ("lots", "lots by size", "drug", "one site")


@dataclass(frozen=True)
class Series:
    """One series: what is given of it, what happened, and its cluster: first and last day, shape; or none."""

    baseline: float  # per 100,000 discharges
    reports: Reports
    first: int | None = None
    last: int | None = None
    shape: str = ""


def volumes(random: np.random.Generator, providers: int = 40) -> npt.NDArray[np.float64]:
    """Discharges a year of each provider."""
    return random.lognormal(np.log(12_000), 1.0, providers)


def series(random: np.random.Generator, size: npt.NDArray[np.float64], shape: str | None) -> Series:
    """One series with a cluster of this shape, or with none."""
    baseline = float(np.exp(random.uniform(np.log(1), np.log(12))))
    mean = baseline / 1e5 * size.sum() * DAYS / 365.25 * random.lognormal(0, 0.1)
    count = random.poisson(mean)
    day, provider = random.integers(0, DAYS, count), random.choice(size.size, count, p=size / size.sum())
    if shape is None:
        return Series(baseline, _reported(random, day, provider))
    start, length = int(random.integers(HISTORY + 30, DAYS - 90)), int(random.integers(14, 43))
    struck = _struck(random, size, shape)
    extra = random.integers(start, start + length, struck.size)
    reports = _reported(random, np.append(day, extra), np.append(provider, struck))
    return Series(baseline, reports, int(extra.min()), start + length - 1, shape)


def _struck(random: np.random.Generator, size: npt.NDArray[np.float64], shape: str) -> Ints:
    """The provider of each extra event. "lots" is the shape of domain report 5.4: 4 to 8 providers, 1 or 2 events each."""
    if shape == "drug":
        return random.choice(size.size, int(random.integers(6, 13)), p=size / size.sum())
    if shape == "one site":
        return np.full(int(random.integers(3, 6)), random.integers(size.size))
    weights = size / size.sum() if shape == "lots by size" else None
    chosen = random.choice(size.size, int(random.integers(4, 9)), replace=False, p=weights)
    return np.repeat(chosen, random.integers(1, 3, chosen.size))


def _reported(random: np.random.Generator, day: Ints, provider: Ints) -> Reports:
    mean = np.where(random.random(day.size) < 0.6, 3.0, 15.0)
    late = np.minimum(random.geometric(1 / (1 + mean)) - 1, 120)
    order = np.argsort(day, kind="stable")
    return Reports(day[order], (day + late)[order], provider[order])
