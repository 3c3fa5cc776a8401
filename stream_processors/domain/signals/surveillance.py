"""Prospective surveillance of rare series: on each day an alarm from what was reported by that day, and from nothing else.

What is learnt (delays, providers' shares, rates, thresholds) comes from the history alone and is fixed before the first day of
watching. An alarm says that reports of a series are more, or elsewhere, than chance explains: look, do not conclude.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from stream_processors.domain.signals.alarm_threshold import YEAR, Chance, episodes, thresholds
from stream_processors.domain.signals.baseline_rate import ratio
from stream_processors.domain.signals.cluster_evidence import Floats, Ints, Reports, evidence, windows
from stream_processors.domain.signals.reporting_delay import Delay, estimate

PER = 100_000
"""Discharges to which a baseline refers."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is fixed beforehand: discharges a year of each provider, baseline of each series, first day, history, budget.

    `false_alarms` are episodes a year of one series; `looks` are simulated for each rate; the seed makes it repeatable.
    """

    volumes: Floats
    baselines: Floats
    first_day: int
    history_days: int
    false_alarms: float
    looks: int = 80_000
    seed: int = 1

    @property
    def watching_from(self) -> int:
        """The first day on which an alarm may be raised."""
        return self.first_day + self.history_days


@dataclass(frozen=True, slots=True)
class Observed:
    """All events in the order of their days: index of series and of provider, day, day of report; report_day >= day."""

    series: Ints
    provider: Ints
    day: Ints
    report_day: Ints


@dataclass(frozen=True, slots=True)
class Learnt:
    """From the history: delays, share of each provider, events a year and threshold of each series."""

    delay: Delay
    shares: Floats
    yearly: Floats
    thresholds: Floats


@dataclass(frozen=True, slots=True)
class Alarm:
    """The first day of an episode. `score` is the natural logarithm of how far the evidence is above its threshold."""

    series: int
    day: int
    score: float


def learn(plan: Plan, observed: Observed) -> Learnt:
    """What the reports of the history say, those that came before the first day of watching."""
    known = (observed.report_day < plan.watching_from) & (observed.day >= plan.first_day)
    ages = plan.watching_from - 1 - observed.day[known]
    delay = estimate((observed.report_day - observed.day)[known], ages)
    given = plan.baselines / PER * plan.volumes.sum()
    years = delay.exposure(plan.history_days) / YEAR
    shares = _shares(plan.volumes, np.bincount(observed.provider[known], minlength=plan.volumes.size))
    seen = np.bincount(observed.series[known], minlength=plan.baselines.size)
    found = ratio(seen, given * years)
    yearly = given * found.mean
    chance = Chance(shares, delay, plan.false_alarms, plan.looks, plan.seed)
    return Learnt(delay, shares, yearly, thresholds(chance, yearly, found.shape))


def _shares(volumes: Floats, seen: Ints) -> Floats:
    """By volume, corrected by how readily each provider reports, as far as all series together show it."""
    by_volume = volumes / volumes.sum()
    shares = by_volume * ratio(seen, by_volume * seen.sum()).mean
    return np.asarray(shares / shares.sum())


def alarms(plan: Plan, observed: Observed, learnt: Learnt) -> Iterator[Alarm]:
    """Of every series, the first day of each episode, from the first day of watching on."""
    for series in range(plan.baselines.size):
        mine = observed.series == series
        reports = Reports(observed.day[mine], observed.report_day[mine], observed.provider[mine])
        days = np.unique(reports.report_day[reports.report_day >= plan.watching_from])  # evidence grows on days of reports only
        if days.size:
            tables = windows(learnt.shares * learnt.yearly[series] / YEAR, learnt.delay)
            above = evidence(tables, reports, days) - learnt.thresholds[series]
            raised = above >= 0
            first = episodes(days[raised])
            for day, score in zip(days[raised][first].tolist(), above[raised][first].tolist(), strict=True):
                yield Alarm(series, day, score)
