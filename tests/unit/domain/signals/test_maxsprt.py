"""MaxSPRT against the numbers of the R package Sequential 4.5.1 (Kulldorff et al. 2011), and its own promises."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stream_processors.domain.signals import binomial_maxsprt, maxsprt_looks, poisson_maxsprt
from stream_processors.domain.signals.poisson_maxsprt_performance import performance
from stream_processors.domain.signals.unattainable import Unattainable

TOLERANCE = 2e-6
"""The published values have six decimals; the bar is 1e-3."""

POISSON = {  # alpha 0.05, D = 0: CV.Poisson of Sequential 4.5.1, by T for M = 1, 2, 3, 4
    1: (2.853937, 2.366638, 1.774218),
    2: (3.046977, 2.689354, 2.349679, 2.000158),
    5: (3.297183, 3.012909, 2.803955, 2.623668),
    10: (3.467952, 3.238009, 3.064248, 2.921561),
    20: (3.628123, 3.430141, 3.288216, 3.176370),
    50: (3.819903, 3.657142, 3.544826, 3.455521),
    100: (3.952321, 3.810141, 3.711993, 3.636508),
    1000: (4.324917, 4.226412, 4.160022, 4.109665),
}


@pytest.mark.parametrize("horizon", POISSON)
def test_poisson_critical_values_are_those_of_the_authors(horizon: int) -> None:
    for fewest, published in enumerate(POISSON[horizon], 1):
        found = poisson_maxsprt.critical_value(horizon, fewest, 0.05)
        assert found.critical_value == pytest.approx(published, abs=TOLERANCE), f"M = {fewest}"
        assert found.alpha == pytest.approx(0.05, abs=1e-9)


def test_what_is_rarer_than_alpha_has_no_critical_value() -> None:
    with pytest.raises(Unattainable, match="lower M or raise T"):
        poisson_maxsprt.critical_value(1, 4, 0.05)  # the table of the authors has a gap here as well


def test_power_and_time_to_signal_are_those_of_the_authors() -> None:
    found = performance(3.467952, 1, 10, 2)  # Performance.Poisson(10, cv=3.467952, RR=2) of Sequential 4.5.1
    assert found.power == pytest.approx(0.6850634, abs=1e-6)
    assert found.expected_time_to_signal == pytest.approx(4.130985, abs=2e-6)
    assert found.expected_length == pytest.approx(5.979353, abs=2e-6)


@pytest.mark.parametrize(
    ("events", "expected", "ratio"),
    [(3, 0.5, 2.87528), (4, 1, 2.54518), (5, 1.2, 3.33558), (8, 3, 2.84663), (3, 3, 0), (2, 3, 0), (0, 0.4, 0)],
)
def test_the_statistic_by_hand(events: int, expected: float, ratio: float) -> None:
    assert poisson_maxsprt.log_likelihood_ratio(events, expected) == pytest.approx(ratio, abs=5e-6)


def test_up_to_which_expectation_so_many_cases_signal() -> None:
    times = poisson_maxsprt.signalling_times(3.467952, 1, 10)
    assert times[:6] == pytest.approx([0.01160, 0.13929, 0.39644, 0.74493, 1.15914, 1.62298], abs=5e-6)


BINOMIAL = [  # CV.Binomial of Sequential 4.5.1: its examples 2 and 3; None: not published
    (25, 3.5, 1, (5,), 1.9852, 0.04775995),
    (50, 3.5, 1, (10, 10, 15, 15), 1.99202, None),
]


@pytest.mark.parametrize(("most", "ratio", "fewest", "groups", "published", "alpha"), BINOMIAL)
def test_binomial_critical_values_are_those_of_the_authors(
    most: int, ratio: float, fewest: int, groups: tuple[int, ...], published: float, alpha: float | None
) -> None:
    found = binomial_maxsprt.critical_value(binomial_maxsprt.look_times(most, groups), ratio, fewest, 0.05)
    assert found.critical_value == pytest.approx(published, abs=1e-5)
    assert alpha is None or found.alpha == pytest.approx(alpha, abs=1e-8)


def test_the_binomial_boundary_is_the_lowest_within_alpha() -> None:
    looks = binomial_maxsprt.look_times(20)
    found = binomial_maxsprt.critical_value(looks, 1.1, 3, 0.05)
    assert found.alpha == pytest.approx(binomial_maxsprt.type_one_error(found.critical_value, looks, 1.1, 3), abs=1e-12)
    assert found.alpha <= 0.05 < binomial_maxsprt.type_one_error(found.critical_value - 2e-5, looks, 1.1, 3)


def test_groups_must_sum_up() -> None:
    with pytest.raises(ValueError, match="not to N = 25"):
        binomial_maxsprt.look_times(25, (10, 10))


def test_few_looks_spend_no_more_than_alpha_and_ask_less_than_many() -> None:
    few = poisson_maxsprt.group_critical_value([2, 4, 6, 8, 10], 1, 0.05)
    assert few.alpha <= 0.05
    assert few.critical_value < poisson_maxsprt.critical_value(10, 1, 0.05).critical_value


@given(st.floats(0.5, 40), st.integers(1, 4), st.floats(0.001, 0.2))
@settings(max_examples=25, deadline=None)
def test_a_critical_value_has_the_error_that_was_asked_for(horizon: float, fewest: int, alpha: float) -> None:
    try:
        found = poisson_maxsprt.critical_value(horizon, fewest, alpha)
    except Unattainable:
        return
    assert poisson_maxsprt.signal_probability(found.critical_value, fewest, horizon) == pytest.approx(alpha, abs=1e-8)


def test_the_exact_error_is_that_of_simulated_surveillances() -> None:
    random, horizon, runs = np.random.default_rng(1), 5.0, 20_000
    found = poisson_maxsprt.critical_value(horizon, 2, 0.1)
    arrivals = np.cumsum(random.exponential(size=(runs, 30)), axis=1)
    number = np.broadcast_to(np.arange(1, 31), arrivals.shape)
    reached = poisson_maxsprt.log_likelihood_ratio(number, arrivals) >= found.critical_value
    signalled = (reached & (number >= 2) & (arrivals <= horizon)).any(axis=1).mean()
    assert signalled == pytest.approx(0.1, abs=4 * (0.09 / runs) ** 0.5)


PLAN = maxsprt_looks.Plan(2.921561, 10, 4)  # T = 10, M = 4, alpha = 0.05


def test_every_look_is_logged_and_the_first_that_reaches_the_boundary_ends_it() -> None:
    log = maxsprt_looks.looks(PLAN, [(0, 0.1), (3, 0.2), (4, 0.7), (9, 1.0)])
    assert [(look.number, look.signal) for look in log] == [(1, False), (2, False), (3, True)]
    assert log[1].log_likelihood_ratio > PLAN.critical_value, "three events are below M, whatever the statistic says"


def test_alpha_is_spent_look_by_look_and_never_beyond_what_was_planned() -> None:
    log = maxsprt_looks.looks(PLAN, [(0, mu / 2) for mu in range(1, 30)])
    assert len(log) == 20, "nothing is looked at beyond the horizon"
    assert all(a.alpha_spent < b.alpha_spent for a, b in pairwise(log))
    assert log[-1].alpha_spent == pytest.approx(0.05, abs=1e-6)


@pytest.mark.parametrize("cumulative", [[(2, 1.0), (1, 2.0)], [(1, 2.0), (2, 1.0)], [(0, 0.0)]])
def test_looks_that_go_back_are_refused(cumulative: list[tuple[int, float]]) -> None:
    with pytest.raises(ValueError, match="look"):
        maxsprt_looks.looks(PLAN, cumulative)


@pytest.mark.parametrize("expected", [0.001, 0.5, 1.0, 3.3, 9.99, 10.0])
def test_alpha_spent_by_many_running_tests_is_the_probability_of_a_signal(expected: float) -> None:
    spent = poisson_maxsprt.AlphaSpent(PLAN.critical_value, PLAN.fewest, PLAN.horizon)
    assert spent.at(expected) == pytest.approx(
        poisson_maxsprt.signal_probability(PLAN.critical_value, PLAN.fewest, expected), abs=1e-12
    )


def test_nothing_is_spent_before_anything_is_expected_nor_behind_the_horizon() -> None:
    spent = poisson_maxsprt.AlphaSpent(PLAN.critical_value, PLAN.fewest, PLAN.horizon)
    assert spent.at(0.0) == 0.0
    assert spent.at(1000.0) == spent.at(PLAN.horizon) == pytest.approx(0.05, abs=1e-6)
