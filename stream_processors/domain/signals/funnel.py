"""A funnel: within which limits units of different size lie if all had the same rate.

Spiegelhalter (2005), Statistics in Medicine 24: 1185-1202, appendix A.1.1: exact limits of the discrete distribution,
interpolated between counts. Units inside do not differ from the target by more than chance; a rank among them means nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import binom, poisson

Floats = npt.NDArray[np.float64]

WARNING, ACTION = 0.95, 0.998
"""Two- and three-sigma limits, as probabilities inside."""


@dataclass(frozen=True, slots=True)
class Band:
    """Lower and upper limit of y / n for each size."""

    lower: Floats
    upper: Floats


def band(target: float, sizes: Sequence[float], inside: float, proportion: bool) -> Band:
    """Limits about the target for units of these sizes; binomial for proportions, else Poisson."""
    n = np.asarray(sizes, float)
    tail = (1 - inside) / 2
    return Band(_limit(target, n, tail, proportion), _limit(target, n, 1 - tail, proportion))


def _limit(target: float, n: Floats, p: float, proportion: bool) -> Floats:
    chance = binom(np.round(n), target) if proportion else poisson(n * target)
    r = chance.ppf(p)
    reached, before = chance.cdf(r), chance.cdf(r - 1)
    part = np.divide(reached - p, reached - before, out=np.zeros_like(n), where=reached > before)
    limit = np.maximum(r - part, 0.0)
    if proportion:
        limit = np.where((r >= np.round(n)) & (p > 0.5), n, limit)  # where all of n is no rarity, nothing lies above
    return np.asarray(limit / n)
