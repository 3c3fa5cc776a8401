"""Gamma-Poisson shrinker (GPS): EBGM and its quantiles, given the hyperparameters.

Source: DuMouchel 1999, The American Statistician 53(3):177-190, eqs. 5-11. A count n is Poisson with mean lambda E; lambda
comes from a mixture of two gammas; its posterior is a mixture of two gammas again. EBGM is the geometric mean of that
posterior, EB05 and EB95 its 5 % and 95 % quantiles. The rule of Szarfman et al. 2002, Drug Safety 25:381-392: EB05 >= 2.
"""

from typing import NamedTuple

import numpy as np
from scipy.special import expit, gammainc, gammaincc, gammaincinv, gammaln, psi, xlogy

from stream_processors.domain.signals.contingency import Estimate, Reals, Wholes
from stream_processors.domain.signals.hyperparameters import Hyperparameters

MOST_STEPS = 200
"""Bisection alone narrows any bracket of doubles to nothing in fewer."""
NOTHING = 1e-300
"""A quantile below it is told as it: without a report and with a small alpha there is no smallest number."""
NARROW = 1e-12
"""Relative width of a bracket at which a quantile is found."""
SHORT = 1e-6
"""Relative length of a step of Halley's method that is the last: what is left is about its cube."""


class Posterior(NamedTuple):
    """q Gamma(shape1, rate1) + (1-q) Gamma(shape2, rate2), arrays of one length: eqs. 6-8."""

    q: Reals
    shape1: Reals
    rate1: Reals
    shape2: Reals
    rate2: Reals


def ebgm(n: Wholes, e: Reals, theta: Hyperparameters) -> Estimate:
    """EBGM with EB05 and EB95. Defined for every count, zero included."""
    given = posterior(n, e, theta)
    return Estimate(geometric_mean(given), quantile(given, 0.05), quantile(given, 0.95))


def posterior(n: Wholes, e: Reals, theta: Hyperparameters) -> Posterior:
    """The posterior of lambda for each pair."""
    alpha1, beta1, alpha2, beta2, p = theta.values()
    log_odds: Reals = np.log(p) - np.log1p(-p) + log_marginal(n, e, alpha1, beta1) - log_marginal(n, e, alpha2, beta2)
    counts = n.astype(np.float64)
    return Posterior(expit(log_odds), alpha1 + counts, beta1 + e, alpha2 + counts, beta2 + e)


def log_marginal(n: Wholes, e: Reals, alpha: float, beta: float) -> Reals:
    """Logarithm of the negative binomial probability of n, size alpha and probability beta/(beta+E): eq. 5."""
    each, place = np.unique(n, return_inverse=True)  # few counts, many pairs
    of_count = gammaln(alpha + each) - gammaln(alpha) - gammaln(each + 1.0)
    logarithm: Reals = of_count[place] - alpha * np.log1p(e / beta) + xlogy(n, e / (beta + e))
    return logarithm


def geometric_mean(given: Posterior) -> Reals:
    """exp of the posterior mean of ln lambda: eqs. 9-11."""
    q, shape1, rate1, shape2, rate2 = given
    mean: Reals = np.exp(q * (psi(shape1) - np.log(rate1)) + (1 - q) * (psi(shape2) - np.log(rate2)))
    return mean


def below(given: Posterior, value: float) -> Reals:
    """The probability that lambda lies below this value: cheap beside a quantile, and it tells on which side of it that is."""
    q, shape1, rate1, shape2, rate2 = given
    probability: Reals = q * gammainc(shape1, rate1 * value) + (1 - q) * gammainc(shape2, rate2 * value)
    return probability


def quantile(given: Posterior, probability: float) -> Reals:
    """The value below which lambda lies with this probability (above 0, below 1).

    It lies between the same quantiles of the two components. In that bracket steps of Halley's method, on the logarithm; where
    one would leave the bracket, its middle instead, so that it ends for every mixture.
    """
    first = np.maximum(gammaincinv(given.shape1, probability) / given.rate1, NOTHING)
    second = np.maximum(gammaincinv(given.shape2, probability) / given.rate2, NOTHING)
    low, high = np.log(np.minimum(first, second)), np.log(np.maximum(first, second))
    at = given.q * np.log(first) + (1 - given.q) * np.log(second)
    going, some = np.arange(len(at)), given
    for _ in range(MOST_STEPS):
        error, step = _halley(some, at[going], probability)
        low[going], high[going] = np.where(error <= 0, at[going], low[going]), np.where(error >= 0, at[going], high[going])
        following = at[going] + step
        inside = (following > low[going]) & (following < high[going])
        done = (inside & (np.abs(step) <= SHORT)) | (high[going] - low[going] <= NARROW)
        at[going] = np.where(inside, following, (low[going] + high[going]) / 2)
        going = going[~done]
        if not len(going):
            break
        some = Posterior(*(column[going] for column in given))
    found: Reals = np.exp(at)
    return found


def _halley(given: Posterior, at: Reals, probability: float) -> tuple[Reals, Reals]:
    """How far the distribution function at exp(at) is above the probability, and the step towards it.

    Never less than half of Newton's step nor more than twice: where the density vanishes Halley's would creep.
    """
    q, shape1, rate1, shape2, rate2 = given
    scaled1, scaled2 = rate1 * np.exp(at), rate2 * np.exp(at)
    if probability < 0.5:
        error = q * gammainc(shape1, scaled1) + (1 - q) * gammainc(shape2, scaled2) - probability
    else:  # by the upper tail: near 1 the lower one has no digits left
        error = (1 - probability) - q * gammaincc(shape1, scaled1) - (1 - q) * gammaincc(shape2, scaled2)
    density1, density2 = q * _density(shape1, scaled1), (1 - q) * _density(shape2, scaled2)
    slope, bend = density1 + density2, density1 * (shape1 - scaled1) + density2 * (shape2 - scaled2)
    with np.errstate(all="ignore"):  # a step that is no number is not taken
        newton = error / slope
        return error, -newton / np.clip(1 - newton * bend / (2 * slope), 0.5, 2)


def _density(shape: Reals, scaled: Reals) -> Reals:
    """Density of the logarithm of a gamma variable."""
    density: Reals = np.exp(xlogy(shape, scaled) - scaled - gammaln(shape))
    return density
