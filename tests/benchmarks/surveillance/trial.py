"""One trial: all detectors on the same hidden clusters, at the same aimed-at number of false alarms."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from stream_processors.domain.signals.alarm_threshold import YEAR, episodes, null_reports, threshold
from stream_processors.domain.signals.cluster_evidence import Floats, Ints, Reports
from stream_processors.domain.signals.surveillance import Learnt, Observed, Plan, alarms, learn
from tests.benchmarks.surveillance.detectors import DETECTORS, Detector
from tests.benchmarks.surveillance.scenario import DAYS, HISTORY, SHAPES, Series, series, volumes

GRACE = 28
"""Days after the end of a cluster in which finding it still counts: reports are late."""
GRID = 7


@dataclass(frozen=True)
class Found:
    """Of one detector: false episodes per series-year, and by shape the share found and the median days from first event."""

    false_alarms: float
    sensitivity: dict[str, float]
    delay: dict[str, float]


def trial(seed: int, clusters: int, nothing: int, budget: float) -> dict[str, Found]:
    """So many clusters of each shape and series without one, all drawn from this seed."""
    random = np.random.default_rng(seed)
    size = volumes(random)
    drawn = [series(random, size, shape) for shape in SHAPES for _ in range(clusters)]
    drawn += [series(random, size, None) for _ in range(nothing)]
    plan = Plan(size, np.array([one.baseline for one in drawn]), 0, HISTORY, budget)
    observed = _observed(drawn)
    learnt = learn(plan, observed)
    ours: dict[int, list[int]] = defaultdict(list)
    for alarm in alarms(plan, observed, learnt):
        ours[alarm.series].append(alarm.day)
    found = {"pso signals watch": _judge(drawn, lambda at: np.array([day for day in ours[at] if day < DAYS], np.int64))}
    for name, detector in DETECTORS.items():
        found[name] = _judge(drawn, _alarms_of(detector, drawn, learnt, budget))
    return found


def _observed(drawn: Sequence[Series]) -> Observed:
    which = np.concatenate([np.full(one.reports.day.size, at) for at, one in enumerate(drawn)])
    day, report_day, provider = (
        np.concatenate([getattr(one.reports, name) for one in drawn]) for name in ("day", "report_day", "provider")
    )
    order = np.argsort(day, kind="stable")
    return Observed(which[order], provider[order], day[order], report_day[order])


def _alarms_of(detector: Detector, drawn: Sequence[Series], learnt: Learnt, budget: float) -> Callable[[int], Ints]:
    grid = np.geomspace(learnt.yearly.min(), learnt.yearly.max(), GRID)
    levels = [_level(detector, learnt, rate, budget) for rate in grid]

    def alarms_of(at: int) -> Ints:
        rate = float(learnt.yearly[at])
        days, scores = detector(drawn[at].reports, learnt.shares * rate / YEAR, DAYS)
        raised = days[(scores >= np.interp(np.log(rate), np.log(grid), levels)) & (days >= HISTORY)]
        return raised[episodes(raised)]

    return alarms_of


def _level(detector: Detector, learnt: Learnt, yearly: float, budget: float) -> float:
    rates: Floats = learnt.shares * yearly / YEAR
    years = float(np.clip(80_000 / yearly, 1000, 8000))
    reports: Reports = null_reports(rates, learnt.delay, years, 60 + yearly, np.random.default_rng(7))
    days, scores = detector(reports, rates, int(years * YEAR))
    return threshold(scores, days, years, budget)


def _judge(drawn: Sequence[Series], alarms_of: Callable[[int], Ints]) -> Found:
    hits: dict[str, list[int]] = {shape: [] for shape in SHAPES}
    total, false, quiet = dict.fromkeys(SHAPES, 0), 0, 0
    for at, one in enumerate(drawn):
        raised = alarms_of(at)
        if one.first is None or one.last is None:
            false, quiet = false + raised.size, quiet + 1
            continue
        total[one.shape] += 1
        inside = raised[(raised >= one.first) & (raised <= one.last + GRACE)]
        hits[one.shape] += [int(inside[0]) - one.first] if inside.size else []
    years = quiet * (DAYS - HISTORY) / YEAR
    found = {shape: len(days) / total[shape] for shape, days in hits.items()}
    return Found(false / years, found, {shape: float(np.median(days)) if days else np.nan for shape, days in hits.items()})
