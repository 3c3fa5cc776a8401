"""The score above which an alarm is raised, so that chance alone raises at most so many episodes in a year of one series.

No theory gives it: looks overlap and providers differ. So surveillances without a cluster are simulated with the given rate,
volumes, reporting delays and doubt about the rate, from a fixed seed. The same input has the same threshold on every machine.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numpy.polynomial import Polynomial

from stream_processors.domain.signals.baseline_rate import SHAPES
from stream_processors.domain.signals.cluster_evidence import Floats, Ints, Reports, evidence, windows
from stream_processors.domain.signals.reporting_delay import Delay

YEAR = 365.25
APART = 30
"""Days. Alarms of one series that follow each other within so many days are one episode."""

CAUTION = 0.8
"""Aimed at less than the budget: simulations, delays and rates are not exact, and the budget is a promise."""
FEWEST = 60
"""Expected episodes of a simulation at the least: the threshold is then known to 0.13 in the logarithm."""
GRID = 7
MOST = 300.0
"""Events a year; what comes more often is not rare, and is not simulated."""


def episodes(days: Ints) -> npt.NDArray[np.bool_]:
    """Which of these growing alarm days begin an episode."""
    return np.diff(days, prepend=-(10**9)) > APART


def null_reports(rates: Floats, delay: Delay, years: float, doubt: float, random: np.random.Generator) -> Reports:
    """Reports of a series without clusters: years on end, each with a rate of its own about the estimated one."""
    span = int(years)
    ratio = random.gamma(doubt, 1.0 / doubt, span) if np.isfinite(doubt) else np.ones(span)
    counts = random.poisson(rates.sum() * YEAR * ratio)
    year = np.repeat(np.arange(span), counts)
    day = np.sort((year * YEAR + random.random(year.size) * YEAR).astype(np.int64))
    late = random.choice(delay.shares.size, day.size, p=delay.probabilities)
    return Reports(day, day + late, random.choice(rates.size, day.size, p=rates / rates.sum()))


def threshold(scores: Floats, days: Ints, years: float, budget: float) -> float:
    """The lowest score at which these looks have at most `budget` episodes a year; above all of them if there is none."""
    levels = np.unique(scores)
    low, high = -1, levels.size  # too many at low, few enough at high
    while high - low > 1:
        middle = (low + high) // 2
        many = episodes(days[scores >= levels[middle]]).sum() / years > budget
        low, high = (middle, high) if many else (low, middle)
    return float(levels[high]) if high < levels.size else float(levels[-1]) + 1.0 if levels.size else 0.0


@dataclass(frozen=True, slots=True)
class Chance:
    """What is common to all series: providers' shares of the events, delays, episodes a year, looks to simulate, seed."""

    shares: Floats
    delay: Delay
    budget: float
    looks: int
    seed: int


def simulated_threshold(chance: Chance, yearly: float, doubt: float) -> float:
    """For a series of so many events a year; `doubt` is the gamma shape of the ratio of its true to its estimated rate."""
    rates = chance.shares * yearly / YEAR
    years = float(np.clip(np.ceil(chance.looks / min(yearly, YEAR)), FEWEST / chance.budget, 10 * FEWEST / chance.budget))
    reports = null_reports(rates, chance.delay, years, doubt, np.random.default_rng(chance.seed))
    days = np.unique(reports.report_day)
    return threshold(evidence(windows(rates, chance.delay), reports, days), days, years, chance.budget * CAUTION)


def thresholds(chance: Chance, yearly: Floats, doubt: Floats) -> Floats:
    """For many series: simulated on a grid of rates, with and without trust in the baseline, and interpolated by doubt.

    Above MOST events a year, which is no rare series, the slope of the last two points goes on.
    """
    low, high = np.clip([yearly.min(), yearly.max()], 0.1, MOST)
    grid = np.geomspace(low, high, min(GRID, 1 + round(2 * np.log2(high / low))))
    sure, loose = SHAPES[0], SHAPES[-1]
    trusted = _curve(chance, grid, sure + grid, yearly)
    doubted = _curve(chance, grid, loose + grid, yearly)
    part = (1 / doubt - 1 / (sure + yearly)) / (1 / (loose + yearly) - 1 / (sure + yearly))
    return np.asarray(trusted + np.clip(part, 0.0, 1.0) * np.maximum(doubted - trusted, 0.0))


def _curve(chance: Chance, grid: Floats, doubts: Floats, yearly: Floats) -> Floats:
    at = np.array([simulated_threshold(chance, rate, doubt) for rate, doubt in zip(grid, doubts, strict=True)])
    smooth = Polynomial.fit(np.log(grid), at, min(2, grid.size - 1)) if grid.size > 1 else Polynomial([at[0]])
    within = np.clip(yearly, grid[0], grid[-1])
    return np.asarray(smooth(np.log(within)) + smooth.deriv()(np.log(grid[-1])) * np.log(np.maximum(yearly / grid[-1], 1.0)))
