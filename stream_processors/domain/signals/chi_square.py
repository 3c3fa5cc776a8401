"""Chi-square of the 2x2 table with the continuity correction.

Source: Yates 1934, Supplement to the Journal of the Royal Statistical Society 1(2):217-235. The correction moves each cell
by one half towards its expectation and never past it, as in R's `chisq.test`: without that limit a table that is just as
expected would get a value above 0, and a large one if a margin is nearly whole.
"""

import numpy as np

from stream_processors.domain.signals.contingency import PairCounts, Reals


def chi_square_yates(counts: PairCounts) -> Reals:
    """N max(0, |ad - bc| - N/2)^2 / [(a+b)(c+d)(a+c)(b+d)]. Undefined (nan) where a margin is empty or whole."""
    a, b, c, d = counts.a, counts.b, counts.c, counts.d
    total = float(counts.n_reports)
    distance = np.maximum(np.abs(a * d - b * c) - total / 2, 0)
    margins = (a + b) * (c + d) * (a + c) * (b + d)
    with np.errstate(divide="ignore", invalid="ignore"):
        value: Reals = np.where(margins > 0, total * distance**2 / margins, np.nan)
    return value
