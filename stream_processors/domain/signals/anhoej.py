"""Anhoej's rules: is there a shift in a series about its centre line, judged by runs and not by sizes?

Anhoej, Olesen (2014), PLoS ONE 9: e113825: the longest run is unusually long above round(log2 n) + 3 (Schilling 2012), and
crossings are unusually few below the 5 % quantile of the binomial (n - 1, 1/2) (Chen 2010). n counts useful points: those that
do not lie on the centre line. Both limits presume that half the points lie on each side.
"""

from dataclasses import dataclass
from itertools import groupby

import numpy as np
import numpy.typing as npt
from scipy.stats import binom

ON_THE_LINE = 1e-12
"""Relative distance to the centre line below which a point lies on it: rounding, no size."""


@dataclass(frozen=True, slots=True)
class Runs:
    """Longest run and crossings, their limits, and whether either is unusual; None where no point is useful."""

    useful: int
    longest_run: int | None
    crossings: int | None
    longest_run_limit: int | None
    crossings_limit: int | None
    signal: bool


def runs(values: npt.NDArray[np.float64], centre: float) -> Runs:
    """Runs of the values about the centre, in their order; missing ones (NaN) are no points."""
    apart = values - centre
    sides = np.sign(apart[np.abs(apart) > ON_THE_LINE * max(abs(centre), np.finfo(float).tiny)])
    if sides.size == 0:
        return Runs(0, None, None, None, None, False)
    lengths = [len(list(run)) for _, run in groupby(sides.tolist())]
    longest, crossings = max(lengths), len(lengths) - 1
    most = round(float(np.log2(sides.size))) + 3
    fewest = int(binom.ppf(0.05, sides.size - 1, 0.5)) if sides.size > 1 else 0
    return Runs(sides.size, longest, crossings, most, fewest, longest > most or crossings < fewest)
