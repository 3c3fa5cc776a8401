"""Binomial MaxSPRT: among n events, c of the exposed where one in 1 + z would be; looked at after every event or group.

Kulldorff et al. (2011), Sequential Analysis 30: 58-78 (statistic); Silva and Kulldorff (2015), Biometrics 71: 851-858 (groups).
The matching ratio z is the number of controls to a case, or of control time to risk time. The type I error of a critical
value is exact, by a chain over the number of cases from look to look.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.special import xlogy
from scipy.stats import binom

from stream_processors.domain.signals.conservative_boundary import Boundary, conservative_boundary
from stream_processors.domain.signals.unattainable import Unattainable

Floats = npt.NDArray[np.float64]
TIE = 1e-9
"""Two ways of the same evidence differ by rounding alone."""


def log_likelihood_ratio(cases: npt.ArrayLike, events: npt.ArrayLike, ratio: float) -> Floats:
    """ln of the largest likelihood over that of the null, 0 where no more cases than expected. Arrays of one shape, n > 0."""
    c, n = np.asarray(cases, float), np.asarray(events, float)
    expected = 1.0 / (1.0 + ratio)
    value = xlogy(c, c / n / expected) + xlogy(n - c, (n - c) / n / (1.0 - expected))
    return np.where(c / n > expected, value, 0.0)


def look_times(most: int, groups: Sequence[int] = (1,)) -> tuple[int, ...]:
    """The numbers of events at which one looks: one group size for all, or sizes that sum up to `most`.

    Raises ValueError where they do not.
    """
    sizes = list(groups) if len(groups) > 1 else [groups[0]] * (most // groups[0])
    if sum(sizes) != most or min(sizes) < 1:
        raise ValueError(f"group sizes sum up to {sum(sizes)}, not to N = {most}")
    return tuple(int(n) for n in np.cumsum(sizes))


def type_one_error(critical_value: float, looks: Sequence[int], ratio: float, fewest: int) -> float:
    """Probability under the null hypothesis that the statistic reaches the critical value at one of the looks."""
    below, before = np.ones(1), 0
    for n in looks:
        cases = np.arange(n + 1)
        signals = (log_likelihood_ratio(cases, np.full(n + 1, n), ratio) >= critical_value - TIE) & (cases >= fewest)
        step = binom.pmf(np.arange(n - before + 1), n - before, 1.0 / (1.0 + ratio))
        below = np.convolve(below, step)[: n + 1]
        below[signals[: below.size]] = 0.0
        before = n
    return float(1.0 - below.sum())


def critical_value(looks: Sequence[int], ratio: float, fewest: int = 1, alpha: float = 0.05) -> Boundary:
    """The smallest boundary whose type I error is within alpha, for these looks; no signal below `fewest` cases.

    Raises Unattainable where the design has none.
    """
    p = 1.0 / (1.0 + ratio)
    if binom.sf(fewest - 1, looks[-1], p) < alpha:
        raise Unattainable(f"{fewest} cases among N are rarer than alpha: lower M or raise N")
    values = [v for n in looks for v in log_likelihood_ratio(np.arange(n + 1), np.full(n + 1, n), ratio)[fewest:].tolist()]
    return conservative_boundary(values, lambda cv: type_one_error(cv, looks, ratio, fewest), alpha)
