"""Centre line and 3-sigma limits of nine Shewhart charts, from baseline points alone.

Formulas and conventions are those of qicharts2 0.8.1 (Montgomery 2009, 6.33, 7.6, 7.17, 7.19; Laney 2002; Provost and Murray
2011 for g and t) with one choice named: **no moving range is screened out**, on any chart but `xmr_nhs`. That one follows
the NHS's "Making Data Count" (NHSRplotthedots 0.2): 2.66 for 3 / 1.128, and moving ranges of 3.267 times their mean and more
are left out once. Moving ranges are between neighbours among the baseline points. Limits end at what is possible: 0, and 1 for
proportions; a chart of individuals has no end.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

D2 = 1.128
"""Mean range of two normal values in standard deviations."""
SCREEN = 3.267
"""Moving ranges of so many times their mean and more are outliers (Nelson 1982)."""
NHS = 2.66
T_POWER = 3.6
"""Times between events of a Poisson process are near normal to the power 1 / 3.6 (Nelson 1994)."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What is plotted, centre line, lower and upper limit; one number for each point, NaN where the point is missing."""

    value: Floats
    centre: Floats
    lower: Floats
    upper: Floats


def _u(y: Floats, n: Floats, base: Mask) -> Limits:
    centre = y[base].sum() / n[base].sum()
    return _rates(y / n, centre, np.sqrt(centre / n), np.inf)


def _p(y: Floats, n: Floats, base: Mask) -> Limits:
    centre = y[base].sum() / n[base].sum()
    return _rates(y / n, centre, np.sqrt(centre * (1 - centre) / n), 1.0)


def _u_prime(y: Floats, n: Floats, base: Mask) -> Limits:
    centre = y[base].sum() / n[base].sum()
    sigma = np.sqrt(centre / n)
    return _rates(y / n, centre, sigma * sigma_z((y / n - centre)[base], sigma[base]), np.inf)


def _p_prime(y: Floats, n: Floats, base: Mask) -> Limits:
    centre = y[base].sum() / n[base].sum()
    sigma = np.sqrt(centre * (1 - centre) / n)
    return _rates(y / n, centre, sigma * sigma_z((y / n - centre)[base], sigma[base]), 1.0)


def _c(y: Floats, _n: Floats, base: Mask) -> Limits:
    centre = y[base].mean()
    return _rates(y, centre, np.full(y.size, np.sqrt(centre)), np.inf)


def _g(y: Floats, _n: Floats, base: Mask) -> Limits:
    """Limits about the mean; the centre line is the median, for runs about the mean of so skewed counts mean nothing."""
    mean = y[base].mean()
    found = _rates(y, mean, np.full(y.size, np.sqrt(mean * (mean + 1))), np.inf)
    return Limits(y, np.full(y.size, np.median(y[base])), found.lower, found.upper)


def _i(y: Floats, _n: Floats, base: Mask) -> Limits:
    return _individuals(y, y[base].mean(), 3 / D2 * moving_ranges(y[base]).mean())


def _xmr_nhs(y: Floats, _n: Floats, base: Mask) -> Limits:
    ranges = moving_ranges(y[base])
    kept = ranges[ranges < SCREEN * ranges.mean()]
    return _individuals(y, y[base].mean(), NHS * (kept.mean() if kept.size else 0.0))


def _t(y: Floats, n: Floats, base: Mask) -> Limits:
    found = _i(y ** (1 / T_POWER), n, base)
    lower, upper = np.maximum(found.lower, 0.0) ** T_POWER, found.upper**T_POWER
    return Limits(y, found.centre**T_POWER, lower, upper)


def _rates(value: Floats, centre: float, sigma: Floats, highest: float) -> Limits:
    lower, upper = np.maximum(centre - 3 * sigma, 0.0), np.minimum(centre + 3 * sigma, highest)
    return Limits(value, np.full(value.size, centre), lower, upper)


def _individuals(y: Floats, centre: float, half: float) -> Limits:
    return Limits(y, *(np.full(y.size, level) for level in (centre, centre - half, centre + half)))


def sigma_z(residuals: Floats, sigma: Floats) -> float:
    """Laney's factor: how much more the baseline varies than chance within a point explains. 0 where nothing varies."""
    z = np.divide(residuals, sigma, out=np.zeros_like(residuals), where=sigma > 0)
    return float(moving_ranges(z).mean() / D2)


def moving_ranges(values: Floats) -> Floats:
    """Absolute differences of neighbours."""
    return np.abs(np.diff(values))


LIMITS: Mapping[str, Callable[[Floats, Floats, Mask], Limits]] = {
    "u": _u,
    "up": _u_prime,
    "p": _p,
    "pp": _p_prime,
    "c": _c,
    "g": _g,
    "t": _t,
    "i": _i,
    "xmr_nhs": _xmr_nhs,
}
"""By type of chart: (y, n, baseline points) to limits. Arrays of one length; NaN in y or n is a missing point."""

RATES = frozenset({"u", "up", "p", "pp"})
"""Charts of y / n."""
MOVING = frozenset({"up", "pp", "t", "i", "xmr_nhs"})
"""Charts that need two baseline points, for a moving range."""
