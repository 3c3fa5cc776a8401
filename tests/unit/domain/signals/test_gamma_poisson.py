"""EBGM and its quantiles with pinned hyperparameters, held to what openEBGM prints for the FDA's CAERS extract."""

from collections.abc import Sequence

import numpy as np
import pytest
from scipy.stats import gamma, nbinom

from stream_processors.domain.signals.gamma_poisson import Posterior, below, ebgm, log_marginal, posterior, quantile
from stream_processors.domain.signals.hyperparameters import Hyperparameters, InvalidHyperparameters

THETA = Hyperparameters(3.25379356, 0.39988854, 2.02612692, 1.90807970, 0.06534557)
"""openEBGM 0.9.1, vignette of the posterior: `autoHyper` on the squashed CAERS extract."""

PUBLISHED = [  # n, E, Qn, EBGM, EB05, EB95: vignette of the posterior, first rows
    (1, 121 / 3356, 0.2819737, 2.23, 0.49, 13.85),
    (1, 13 / 3356, 0.3409653, 2.58, 0.52, 15.78),
    (1, 1 / 3356, 0.3482317, 2.63, 0.52, 16.02),
    (1, 121 / 3356, 0.2819737, 2.23, 0.49, 13.85),
    (1, 257 / 3356, 0.2226356, 1.92, 0.47, 11.77),
    (1, 177 / 3356, 0.2556670, 2.09, 0.48, 12.95),
]
TOP = [  # n, E, EB05, EBGM, EB95: the five pairs of the greatest EB05, and EB05 to three digits (C)
    (16, 0.40643623, 15.68, 23.26, 33.48, 15.686),
    (19, 0.89690107, 11.65, 16.78, 23.55, 11.646),
    (6, 0.07866508, 10.16, 18.28, 30.83, 10.162),
    (8, 0.30482718, 9.00, 15.25, 24.52, 8.993),
    (11, 0.56317044, 8.98, 14.28, 21.78, 8.981),
]
BISECTION = 0.011
"""openEBGM stops its bisection at half a hundredth and rounds: two halves and a little."""


def columns(rows: Sequence[tuple[float, ...]]) -> list[np.ndarray[tuple[int], np.dtype[np.float64]]]:
    return [np.array(column) for column in zip(*rows, strict=True)]


def test_the_first_pairs_of_the_fda_extract() -> None:
    n, e, qn, geometric_mean, low, high = columns(PUBLISHED)
    np.testing.assert_allclose(posterior(n.astype(np.int64), e, THETA).q, qn, atol=1e-7)
    found = ebgm(n.astype(np.int64), e, THETA)
    np.testing.assert_allclose(found.value, geometric_mean, atol=0.0051)
    np.testing.assert_allclose(found.low, low, atol=BISECTION)
    np.testing.assert_allclose(found.high, high, atol=BISECTION)


def test_the_strongest_pairs_of_the_fda_extract() -> None:
    n, e, low, geometric_mean, high, low_again = columns(TOP)
    found = ebgm(n.astype(np.int64), e, THETA)
    np.testing.assert_allclose(found.value, geometric_mean, atol=0.0051)
    np.testing.assert_allclose(found.low, low, atol=BISECTION)
    np.testing.assert_allclose(found.high, high, atol=BISECTION)
    np.testing.assert_allclose(found.low, low_again, atol=0.00051)


def test_the_strongest_pair_of_the_french_extract() -> None:
    """(C) on the data of PhViD 1.0.8: n=267, E=1.1945, EBGM 186.28, EB05 168.29."""
    theta = Hyperparameters(1.25396, 0.24284, 2.40944, 2.14477, 0.15813)
    found = ebgm(np.array([267]), np.array([1.1945119]), theta)
    assert (found.value[0], found.low[0]) == pytest.approx((186.28, 168.29), abs=0.0051)


def test_the_marginal_is_the_negative_binomial() -> None:
    n, e = np.array([0, 1, 1, 7, 400]), np.array([0.5, 1e-6, 3.0, 0.02, 380.0])
    np.testing.assert_allclose(log_marginal(n, e, 2.5, 0.4), nbinom.logpmf(n, 2.5, 0.4 / (0.4 + e)), rtol=1e-10)


@pytest.mark.parametrize("probability", [1e-6, 0.05, 0.5, 0.95, 1 - 1e-6])
def test_a_quantile_has_its_probability_below_it(probability: float) -> None:
    n = np.array([0, 1, 3, 50, 10_000, 1, 1])
    e = np.array([2.0, 1e-9, 0.2, 3.0, 9_000.0, 500.0, 1e-3])
    theta = Hyperparameters(0.05, 0.02, 300.0, 250.0, 0.3)
    given = posterior(n, e, theta)
    at = quantile(given, probability)
    first, second = gamma(given.shape1, scale=1 / given.rate1), gamma(given.shape2, scale=1 / given.rate2)
    below = given.q * first.cdf(at) + (1 - given.q) * second.cdf(at)
    np.testing.assert_allclose(below, probability, rtol=1e-9)
    above = given.q * first.sf(at) + (1 - given.q) * second.sf(at)
    np.testing.assert_allclose(above, 1 - probability, rtol=1e-9)


def test_a_quantile_is_found_between_two_components_far_apart() -> None:
    """In the gap the density is 0 and Newton's step leads nowhere: the middle of the bracket does."""
    ones = np.ones(3)
    given = Posterior(np.array([0.05, 0.95, 0.5]), 900 * ones, 900 * ones, 900 * ones, 9e-7 * ones)
    at = quantile(given, 0.5)
    assert at[0] > 1e8
    assert 0.9 < at[1] < 1.1
    assert np.isfinite(at[2])


def test_a_quantile_too_small_for_a_number_is_a_number() -> None:
    found = ebgm(np.array([0]), np.array([1.0]), Hyperparameters(1e-4, 1.0, 1e-4, 1.0, 0.5))
    assert 0 < found.low[0] < 1e-200


def test_much_evidence_is_hardly_shrunk_and_little_is_shrunk_to_the_prior() -> None:
    found = ebgm(np.array([10_000, 0]), np.array([1_000.0, 1e-9]), THETA)
    assert found.value[0] == pytest.approx(10.0, rel=0.01)
    assert 0.5 < found.value[1] < 3


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ((0.0, 1.0, 1.0, 1.0, 0.5), "alpha1 must be a number above 0"),
        ((1.0, float("nan"), 1.0, 1.0, 0.5), "beta1 must be a number above 0"),
        ((1.0, 1.0, float("inf"), 1.0, 0.5), "alpha2 must be a number above 0"),
        ((1.0, 1.0, 1.0, -2.0, 0.5), "beta2 must be a number above 0"),
        ((1.0, 1.0, 1.0, 1.0, 1.0), "p must be below 1"),
    ],
)
def test_what_is_no_prior_is_refused(values: tuple[float, ...], told: str) -> None:
    with pytest.raises(InvalidHyperparameters, match=told):
        Hyperparameters(*values)


def test_the_order_of_the_components_says_nothing() -> None:
    swapped = Hyperparameters(THETA.alpha2, THETA.beta2, THETA.alpha1, THETA.beta1, 1 - THETA.p)
    assert swapped.ordered().values() == pytest.approx(THETA.values())
    assert THETA.ordered() is THETA
    n, e = np.array([1, 9]), np.array([0.1, 0.4])
    np.testing.assert_allclose(ebgm(n, e, swapped), ebgm(n, e, THETA), rtol=1e-12)


@pytest.mark.parametrize("probability", [0.05, 0.95])
def test_the_cheap_question_agrees_with_the_quantile(probability: float) -> None:
    given = posterior(np.array([0, 3, 40]), np.array([0.02, 5.0, 31.0]), THETA)
    for pair, value in enumerate(quantile(given, probability)):
        assert below(Posterior(*(column[[pair]] for column in given)), float(value))[0] == pytest.approx(probability)
