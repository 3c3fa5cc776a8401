"""Prospective surveillance: what is learnt, what an alarm may use, how often chance alone raises one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import poisson

from stream_processors.domain.signals import alarm_threshold, cluster_evidence
from stream_processors.domain.signals.alarm_threshold import (
    YEAR,
    Chance,
    episodes,
    null_reports,
    simulated_threshold,
    threshold,
)
from stream_processors.domain.signals.baseline_rate import ratio
from stream_processors.domain.signals.cluster_evidence import Reports, evidence, windows
from stream_processors.domain.signals.reporting_delay import AT_ONCE, Delay, estimate
from stream_processors.domain.signals.surveillance import Alarm, Observed, Plan, alarms, learn

SHARES = np.array([8.0, 4, 2, 1, 1, 1, 1, 1, 1])
SHARES /= SHARES.sum()
LATE = Delay(np.array([0.5, 0.75, 0.9, 1.0]))


def test_delays_are_learnt_though_the_late_reports_of_the_last_days_are_missing() -> None:
    random = np.random.default_rng(1)
    day, delay = random.integers(0, 60, 40_000), random.geometric(0.1, 40_000) - 1
    seen = day + delay < 60
    found = estimate(delay[seen], 59 - day[seen])
    true = 1 - 0.9 ** np.arange(1, 21)
    assert found.shares[:20] == pytest.approx(true, abs=0.02)
    naive = np.mean(delay[seen] <= 6)
    assert abs(naive - true[6]) > 0.03, "without the correction it would be wrong by more"


def test_without_history_reports_count_as_coming_at_once() -> None:
    assert estimate(np.empty(0, int), np.empty(0, int)) is AT_ONCE


def test_exposure_is_what_is_reported_by_now() -> None:
    assert LATE.exposure(2) == 0.5 + 0.75
    assert LATE.exposure(6) == 0.5 + 0.75 + 0.9 + 1 + 1 + 1
    assert LATE.probabilities == pytest.approx([0.5, 0.25, 0.15, 0.1])


@pytest.mark.parametrize(
    ("seen", "expected", "low", "high", "remark"),
    [
        (10, 10, 0.99, 1.01, "it fits"),
        (0, 0, 0.999, 1.001, "no history says nothing"),
        (14, 10, 1.0, 1.2, "chance: moved by a third of the way"),
        (60, 10, 5, 6, "far off: what was seen counts"),
        (5, 50, 0.1, 0.2, "far too high as well"),
    ],
)
def test_a_baseline_is_kept_where_it_fits_and_replaced_where_it_cannot_be_right(
    seen: int, expected: float, low: float, high: float, remark: str
) -> None:
    assert low <= float(ratio(seen, expected).mean) <= high, remark


def test_the_evidence_is_the_average_likelihood_ratio_by_hand() -> None:
    """Two providers, two events of one day: every shape and window written out from the densities."""
    rates = np.array([0.02, 0.05])
    reports = Reports(np.array([100, 101]), np.array([100, 102]), np.array([0, 0]))
    [found] = evidence(windows(rates, LATE), reports, np.array([102]))
    expected = []
    for length in cluster_evidence.WINDOWS:
        x = LATE.exposure(length)
        e, n = rates * x, np.array([2, 0])
        usual = poisson.pmf(n, e)
        expected += [np.prod(poisson.pmf(n, e * R) / usual) for R in cluster_evidence.POOLED]
        for struck, r in cluster_evidence.SUBSETS:
            p = min(0.5, struck / 2)
            expected.append(np.prod((1 - p) + p * poisson.pmf(n, e + r * x) / usual))
        for struck, times in cluster_evidence.BY_SIZE:
            p = min(0.5, struck / 2)
            expected.append(np.prod((1 - p) + p * poisson.pmf(n, e * times) / usual))
        expected += [np.mean(poisson.pmf(n, e + r * x) / usual) for r in cluster_evidence.SINGLE]
    weights = np.tile(cluster_evidence.PRIOR, len(cluster_evidence.WINDOWS))
    assert found == pytest.approx(np.log(np.average(expected, weights=weights)), rel=1e-9)


def test_an_event_at_a_small_provider_says_more_than_at_a_large_one() -> None:
    tables = windows(SHARES * 12 / YEAR, AT_ONCE)
    scores = [evidence(tables, Reports(*np.array([[9, 9], [9, 9], [p, p + 1]])), np.array([9]))[0] for p in (0, 7)]
    assert scores[1] > scores[0]


def test_alarms_that_follow_each_other_are_one_episode() -> None:
    assert episodes(np.array([5, 10, 40, 71, 72])).tolist() == [True, False, False, True, False]


def test_the_threshold_is_the_lowest_within_the_budget() -> None:
    days, scores = np.arange(0, 1000, 100), np.arange(10.0)
    assert threshold(scores, days, 10, 0.3) == 7
    assert threshold(scores, days, 10, 0.0) == 10
    assert threshold(np.empty(0), np.empty(0, int), 10, 0.3) == 0


def test_chance_alone_raises_no_more_than_the_budget_on_years_that_were_not_simulated_for_it() -> None:
    chance = Chance(SHARES, LATE, 0.2, 15_000, seed=1)
    level = simulated_threshold(chance, 12, np.inf)
    fresh = null_reports(SHARES * 12 / YEAR, LATE, 1500, np.inf, np.random.default_rng(99))
    days = np.unique(fresh.report_day)
    raised = days[evidence(windows(SHARES * 12 / YEAR, LATE), fresh, days) >= level]
    rate = episodes(raised).sum() / 1500
    assert 0.1 <= rate <= 0.2


def observed(events: list[tuple[int, int, int, int]]) -> Observed:
    """(day, report day, series, provider) of each event."""
    day, report_day, series, provider = np.array(sorted(events)).T
    return Observed(series, provider, day, report_day)


def plan(series: int = 1, budget: float = 0.2) -> Plan:
    return Plan(SHARES * 1e6, np.full(series, 1.0), 0, 365, budget, looks=3000)


def history(random: np.random.Generator, series: int = 1, yearly: int = 10) -> list[tuple[int, int, int, int]]:
    """Ten events a year of each series, as its baseline says, for two years."""
    days = random.integers(0, 730, (series, 2 * yearly))
    late = random.integers(0, 4, days.shape)
    at = random.choice(SHARES.size, days.shape, p=SHARES)
    return [
        (int(d), int(d + delay), s, int(p)) for s in range(series) for d, delay, p in zip(days[s], late[s], at[s], strict=True)
    ]


CLUSTER = [(500, 502, 0, 3), (503, 503, 0, 4), (507, 509, 0, 5), (510, 511, 0, 6), (512, 512, 0, 7), (515, 516, 0, 8)]


def test_one_event_each_at_six_small_providers_is_found_and_at_none_of_them_alone() -> None:
    past = [event for event in history(np.random.default_rng(5)) if not 440 <= event[0] <= 560]
    of_cluster = [alarm for alarm in raised(past + CLUSTER) if 500 <= alarm.day <= 530]
    assert len(of_cluster) == 1
    for event in CLUSTER:
        assert [alarm for alarm in raised([*past, event]) if 500 <= alarm.day <= 530] == []


def raised(events: list[tuple[int, int, int, int]]) -> list[Alarm]:
    of = observed(events)
    return list(alarms(plan(), of, learn(plan(), of)))


@given(st.integers(0, 2**32), st.integers(366, 729))
@settings(max_examples=8, deadline=None)
def test_an_alarm_uses_only_what_was_reported_by_its_day(seed: int, today: int) -> None:
    """Whatever is reported later changes no alarm up to today."""
    events = history(np.random.default_rng(seed), yearly=25) + CLUSTER
    known = [event for event in events if event[1] <= today]
    assert [alarm for alarm in raised(events) if alarm.day <= today] == raised(known)


def test_the_history_raises_no_alarm_and_the_same_input_has_the_same_alarms() -> None:
    events = [*history(np.random.default_rng(5)), *((d - 300, r - 300, s, p) for d, r, s, p in CLUSTER)]
    found = raised(events)
    assert all(alarm.day >= 365 for alarm in found)
    assert found == raised(events)


def test_a_series_whose_baseline_is_far_off_needs_more_evidence_than_one_that_is_trusted() -> None:
    chance = Chance(SHARES, LATE, 0.2, 5000, seed=1)
    sure, doubted = alarm_threshold.thresholds(chance, np.array([12.0, 12.0]), np.array([80.0, 5.0]))
    assert doubted > sure
