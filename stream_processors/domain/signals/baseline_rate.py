"""How often a series really comes: what was given beforehand, corrected by its own history as far as that has a say.

A gamma-Poisson mixture as of DuMouchel (1999), American Statistician 53: 177-190: most baselines are about right, some are far
off. Each part is a gamma for the ratio of true to given rate with mean 1; the history's negative binomial likelihoods weigh
them. So a baseline that fits is kept, and one that cannot be right is soon replaced by what was seen.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import nbinom

Floats = npt.NDArray[np.float64]

SHAPES = np.array([60.0, 6.0, 1.0])
"""Right within 13 % (one standard deviation), within 40 %, or only of that order of magnitude."""
PRIOR = np.array([0.6, 0.3, 0.1])


@dataclass(frozen=True, slots=True)
class Ratio:
    """True over given rate: its mean given the history, and the shape of a gamma with as much doubt."""

    mean: Floats
    shape: Floats


def ratio(seen: npt.ArrayLike, expected: npt.ArrayLike) -> Ratio:
    """From the numbers seen and expected in the history; arrays of one shape. An expectation of 0 says nothing."""
    n, e = np.asarray(seen, float)[..., None], np.asarray(expected, float)[..., None]
    likelihood = nbinom.pmf(n, SHAPES, SHAPES / (SHAPES + e)) * PRIOR
    weight = likelihood / likelihood.sum(axis=-1, keepdims=True)
    means, shapes = (SHAPES + n) / (SHAPES + e), SHAPES + n
    mean = (weight * means).sum(axis=-1)
    variance = (weight * (means**2 / shapes + means**2)).sum(axis=-1) - mean**2
    return Ratio(mean, mean**2 / variance)
