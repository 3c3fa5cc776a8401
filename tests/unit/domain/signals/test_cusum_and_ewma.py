"""CUSUM and EWMA by hand and against their definitions; Benjamini and Hochberg's own example."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stream_processors.domain.signals.cusum import bernoulli_weights, cusum, poisson_weights, signals
from stream_processors.domain.signals.ewma import binomial_ewma, poisson_ewma
from stream_processors.domain.signals.false_discovery import adjusted, discoveries


def test_a_poisson_cusum_by_hand() -> None:
    """R = 2, mu = 1: a count adds x ln 2 - 1, and the sum is never below zero."""
    sums, found = signals(poisson_weights([0, 3, 4, 0, 2], [1] * 5, 2), 2.0)
    ln2 = np.log(2)
    assert sums == pytest.approx([0, 3 * ln2 - 1, 7 * ln2 - 2, 0, 2 * ln2 - 1])
    assert found.tolist() == [False, False, True, False, False]


def test_a_bernoulli_cusum_by_hand() -> None:
    """Odds 1 to 9 against 2 to 9: a case adds ln(2 / 1.1), none takes ln 1.1 away."""
    assert bernoulli_weights([1, 0], 0.1, 2) == pytest.approx([np.log(2 / 1.1), -np.log(1.1)])


@given(st.lists(st.integers(0, 6), min_size=1, max_size=40))
def test_without_a_reset_both_forms_agree(counts: list[int]) -> None:
    weights = poisson_weights(counts, np.full(len(counts), 1.5), 2)
    assert cusum(weights) == pytest.approx(signals(weights, np.inf)[0], abs=1e-9)


def test_an_ewma_by_hand() -> None:
    found = poisson_ewma([3, 1], [1, 1], 0.5)
    assert found.average == pytest.approx([1.0, 0.5])
    assert found.sigma == pytest.approx([0.5, (0.25 + 0.0625) ** 0.5])
    assert found.signals(2.0).tolist() == [True, False]


def test_the_spread_of_an_ewma_tends_to_its_published_limit() -> None:
    """Borror et al. 1998: sigma squared tends to mu w / (2 - w)."""
    assert poisson_ewma(np.zeros(400), np.full(400, 4.0), 0.1).sigma[-1] == pytest.approx((4 * 0.1 / 1.9) ** 0.5)
    assert binomial_ewma(np.zeros(400), np.full(400, 50), 0.2, 0.1).sigma[-1] == pytest.approx((0.16 / 50 * 0.1 / 1.9) ** 0.5)


HOCHBERG = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0,
]  # fmt: skip


def test_the_example_of_benjamini_and_hochberg() -> None:
    """Section 3.2 of the paper: four of fifteen are told at 5 %, and Bonferroni would tell three."""
    assert discoveries(HOCHBERG, 0.05).sum() == 4
    assert (np.array(HOCHBERG) <= 0.05 / 15).sum() == 3
    assert discoveries(HOCHBERG, 0.05, any_dependence=True).sum() == 3
    assert adjusted([]).size == 0


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_an_adjusted_p_is_no_smaller_and_keeps_the_order(p: list[float]) -> None:
    found = adjusted(p)
    assert np.all(found >= np.array(p) - 1e-12)
    assert np.all(np.diff(found[np.argsort(p, kind="stable")]) >= -1e-12)
