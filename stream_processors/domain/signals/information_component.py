"""Information component (IC), shrunk: a logarithm to base 2 of observed over expected.

Source: Norén, Hopstadius and Bate 2013, Statistical Methods in Medical Research 22(1):57-69: one half is added to observed
and expected, the posterior of their ratio is Gamma(a + 1/2, rate E + 1/2), and the rule for a signal is a lower 95 % bound
above 0. The approximate bounds are theirs too; they avoid the quantile and differ from it by 0.05 where counts are small.
"""

import numpy as np
from scipy.special import gammainc, gammaincinv

from stream_processors.domain.signals.contingency import Estimate, PairCounts, Reals

SHRINKAGE = 0.5


def information_component(counts: PairCounts) -> Estimate:
    """log2[(a + 1/2) / (E + 1/2)] with the exact 95 % bounds of the posterior. Defined for every count."""
    value = _log2((counts.a + SHRINKAGE) / (counts.e + SHRINKAGE))
    return Estimate(value, bound(counts, 0.025), bound(counts, 0.975))


def bound(counts: PairCounts, probability: float) -> Reals:
    """The value below which the component lies with this probability."""
    return quantile(counts.a, counts.e, probability)


def quantile(n: Reals, e: Reals, probability: float) -> Reals:
    """The same for counts and expectations without a 2x2 table; arrays of one length."""
    return _log2(gammaincinv(n + SHRINKAGE, probability) / (e + SHRINKAGE))


def below(n: Reals, e: Reals, value: float) -> Reals:
    """The probability that the component lies below this value: cheap beside a quantile, and it tells on which side that is."""
    probability: Reals = gammainc(n + SHRINKAGE, 2.0**value * (e + SHRINKAGE))
    return probability


def information_component_approximate(counts: PairCounts) -> Estimate:
    """The same value with the approximate bounds."""
    shape = counts.a + SHRINKAGE
    value = _log2(shape / (counts.e + SHRINKAGE))
    low = value - 3.3 * shape**-0.5 - 2.0 * shape**-1.5
    high = value + 2.4 * shape**-0.5 - 0.5 * shape**-1.5
    return Estimate(value, low, high)


def _log2(ratio: Reals) -> Reals:
    logarithm: Reals = np.log2(ratio)
    return logarithm
