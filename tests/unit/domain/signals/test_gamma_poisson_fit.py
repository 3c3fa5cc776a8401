"""The fit: it finds the prior that made the data, from every start, and says when it cannot."""

import math

import numpy as np
import pytest
from scipy.optimize import check_grad
from scipy.stats import nbinom

from stream_processors.domain.signals.contingency import Reals, Wholes
from stream_processors.domain.signals.gamma_poisson import ebgm
from stream_processors.domain.signals.gamma_poisson_fit import STARTS, NothingToFit, fit, log_likelihood
from stream_processors.domain.signals.hyperparameters import Hyperparameters
from stream_processors.domain.signals.mixture_likelihood import Likelihood
from stream_processors.domain.signals.squashing import squashed, unsquashed

TRUTH = Hyperparameters(2.0, 0.4, 3.0, 3.5, 0.1)


def invented(cells: int, seed: int, theta: Hyperparameters = TRUTH, zeros: bool = False) -> tuple[Wholes, Reals]:
    """Counts of cells from this prior; each component without its zeros, as the likelihood has it, or with them."""
    chance = np.random.default_rng(seed)
    first = chance.random(cells) < theta.p
    shape, rate = np.where(first, theta.alpha1, theta.alpha2), np.where(first, theta.beta1, theta.beta2)
    e = chance.lognormal(-0.5, 1.5, cells)
    none = 0 if zeros else nbinom.cdf(0, shape, rate / (rate + e))
    return nbinom.ppf(none + (1 - none) * chance.random(cells), shape, rate / (rate + e)).astype(np.int64), e


def test_the_prior_that_made_the_data_is_found() -> None:
    n, e = invented(20_000, seed=11)
    found = fit(n, e)
    assert (found.converged, found.agreeing, found.at_limit) == (True, len(STARTS), ())
    assert found.pairs == 20_000
    # Wilks 1938: twice the difference is about chi-square with 5 degrees of freedom, 20.5 in one of a thousand
    assert 0 <= 2 * (found.log_likelihood - log_likelihood(n, e, TRUTH)) < 20.5
    # what is told of a pair depends on the prior far less than the prior on chance
    np.testing.assert_allclose(ebgm(n, e, found.theta).value, ebgm(n, e, TRUTH).value, rtol=0.12)
    assert found.theta.values() == pytest.approx(TRUTH.values(), rel=0.35)


def test_so_it_is_from_a_table_with_its_empty_cells() -> None:
    n, e = invented(20_000, seed=12, zeros=True)
    assert (n == 0).any()
    found = fit(n, e, zeros=True)
    assert (found.converged, found.pairs) == (True, 20_000)
    np.testing.assert_allclose(ebgm(n, e, found.theta).value, ebgm(n, e, TRUTH).value, rtol=0.12)
    assert found.theta.values() == pytest.approx(TRUTH.values(), rel=0.35)


def test_every_start_ends_in_the_same_prior() -> None:
    n, e = invented(5_000, seed=13)
    ends = [fit(n, e, [start]).theta.values() for start in STARTS]
    for end in ends[1:]:
        assert end == pytest.approx(ends[0], rel=1e-4)


def test_the_components_are_ordered_by_their_means() -> None:
    found = fit(*invented(5_000, seed=14)).theta
    assert found.alpha1 / found.beta1 > found.alpha2 / found.beta2


def test_squashing_hardly_changes_the_likelihood() -> None:
    """The published fits of the FDA extract differ by 0.001 %: 4162.456 of 17,189 pairs, 4162.496 of 1,568 points."""
    n, e = invented(20_000, seed=15)
    points = squashed(n, e)
    assert len(points) < len(n) / 5
    at = np.array([*np.log(TRUTH.values()[:4]), math.log(TRUTH.p / (1 - TRUTH.p))])
    whole, few = Likelihood(unsquashed(n, e))(at)[0], Likelihood(points)(at)[0]
    assert few == pytest.approx(whole, rel=1e-3)


def test_squashed_points_stand_for_every_pair() -> None:
    n, e = invented(10_000, seed=16)
    points = squashed(n, e)
    assert points.weight.sum() == 10_000
    assert (points.weight * points.e).sum() == pytest.approx(e.sum())
    for count in np.unique(n):
        assert points.weight[points.n == count].sum() == (n == count).sum()


def test_few_pairs_of_a_count_are_not_squashed() -> None:
    points = squashed(np.array([2, 1, 1]), np.array([0.5, 0.3, 0.2]))
    assert (points.n.tolist(), points.e.tolist(), points.weight.tolist()) == ([1, 1, 2], [0.2, 0.3, 0.5], [1, 1, 1])


HAND = Hyperparameters(0.125874, 0.13587, 1.24578, 3.01587, 0.05)
"""The hyperparameters by which openEBGM's own tests recompute its likelihoods."""


@pytest.mark.parametrize("truncated", [True, False])
def test_the_likelihood_is_that_of_two_negative_binomials(truncated: bool) -> None:
    n, e = np.array([1] * 4 + [2] * 6 + [3] * 2 + [40]), np.arange(6.0, 19.0)
    first, second = (
        nbinom.pmf(n, alpha, beta / (beta + e)) / (nbinom.sf(0, alpha, beta / (beta + e)) if truncated else 1)
        for alpha, beta in ((HAND.alpha1, HAND.beta1), (HAND.alpha2, HAND.beta2))
    )
    expected = np.log(HAND.p * first + (1 - HAND.p) * second).sum()
    at = np.array([*np.log(HAND.values()[:4]), math.log(HAND.p / (1 - HAND.p))])
    likelihood = Likelihood(unsquashed(n, e), truncated=truncated)
    assert -likelihood(at)[0] * likelihood.total == pytest.approx(expected, rel=1e-12)
    if truncated:
        assert log_likelihood(n, e, HAND) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("truncated", [True, False])
@pytest.mark.parametrize("start", STARTS)
def test_the_gradient_is_that_of_the_likelihood(start: Hyperparameters, truncated: bool) -> None:
    n, e = invented(500, seed=17)
    likelihood = Likelihood(squashed(np.maximum(n, 1), e), truncated=truncated)
    at = np.array([*np.log(start.values()[:4]), math.log(start.p / (1 - start.p))])
    assert check_grad(lambda free: likelihood(free)[0], lambda free: likelihood(free)[1], at) < 1e-6


def even(pairs: int) -> tuple[Wholes, Reals]:
    """Counts of one rate for all: no prior is narrow enough."""
    chance = np.random.default_rng(18)
    e = chance.gamma(1.0, 1.0, pairs)
    return chance.poisson(e), e


@pytest.mark.parametrize(
    ("given", "remark"),
    [
        ((np.array([1]), np.array([0.01])), "one pair"),
        ((np.array([25, 75, 125, 9775]), np.array([1.5, 98.5, 148.5, 9751.5])), "one 2x2 table"),
        ((np.array([1] * 1000), np.full(1000, 0.01)), "nothing but ones"),
        ((np.array([1_000_000, 100_000, 3]), np.array([1.0, 1e6, 2.0])), "large counts"),
        ((np.array([1, 2, 3] * 50), np.full(150, 1e-12)), "hardly any expectation"),
        ((np.array([1] * 900 + [500] * 50), np.full(950, 0.5)), "two kinds of pairs and nothing between"),
        (even(4_000), "one rate for all"),
    ],
)
def test_data_that_do_not_determine_a_prior_end_at_a_limit_which_is_told(given: tuple[Wholes, Reals], remark: str) -> None:
    found = fit(*given)
    assert found.at_limit, remark
    assert np.isfinite(np.array(ebgm(*given, found.theta))).all(), remark


def test_where_all_have_one_rate_every_pair_is_told_to_have_it() -> None:
    n, e = even(4_000)
    found = ebgm(n, e, fit(n, e).theta)
    assert found.value.max() < 1.15
    assert found.value[n > 0].min() > 0.85


@pytest.mark.parametrize(("n", "e"), [([], []), ([0, 0], [1.0, 2.0]), ([1], [0.0])])
def test_nothing_is_fitted_to_nothing(n: list[int], e: list[float]) -> None:
    with pytest.raises(NothingToFit):
        fit(np.array(n, dtype=np.int64), np.array(e))


def test_the_same_pairs_in_another_order_give_the_same_prior() -> None:
    n, e = invented(5_000, seed=19)
    back = fit(n[::-1], e[::-1]).theta
    assert back.values() == pytest.approx(fit(n, e).theta.values(), rel=1e-6)
