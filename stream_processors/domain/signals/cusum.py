"""CUSUM: the evidence for a rate R times the usual one, summed up since it last was zero.

Page (1954), Biometrika 41: 100-115; Lucas (1985), Technometrics 27: 129-144 for counts; Reynolds and Stoumbos (1999), Journal
of Quality Technology 31: 87-108 for single outcomes. S = max(0, S + ln likelihood ratio); a signal where S exceeds h, and the
sum starts again from zero.
"""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def poisson_weights(counts: npt.ArrayLike, expected: npt.ArrayLike, ratio: float) -> Floats:
    """x ln R - (R - 1) mu for counts x where mu are expected; arrays of one shape, R > 1 to find increases."""
    return np.asarray(np.asarray(counts, float) * np.log(ratio) - (ratio - 1) * np.asarray(expected, float))


def bernoulli_weights(outcomes: npt.ArrayLike, usual: float, odds_ratio: float) -> Floats:
    """For outcomes 1 or 0 of single cases with the usual probability, against odds that are odds_ratio times as high.

    Steiner et al. (2000), Biostatistics 1: 441-452, equation 2 with one risk for all.
    """
    y = np.asarray(outcomes, float)
    return np.asarray(y * np.log(odds_ratio) - np.log1p(usual * (odds_ratio - 1)))


def cusum(weights: Floats) -> Floats:
    """S after each weight, never reset: for calibration, and for a chart that goes on. Along the last axis."""
    total = np.cumsum(weights, axis=-1)
    return total - np.minimum(np.minimum.accumulate(total, axis=-1), 0.0)


def signals(weights: Floats, limit: float) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """S after each weight of one series, and where it exceeded the limit; there it is told and then starts from zero."""
    sums, found = np.empty(weights.size), np.zeros(weights.size, bool)
    s = 0.0
    for at, weight in enumerate(weights.tolist()):
        s = max(0.0, s + weight)
        sums[at], found[at] = s, s > limit
        if s > limit:
            s = 0.0
    return sums, found
