"""Reporting odds ratio (ROR).

Source: van Puijenbroek et al. 2002, Pharmacoepidemiology and Drug Safety 11:3-10. Their rule for a signal is a lower 95 %
bound above 1 with at least three reports. The interval is Woolf's (1955).
"""

import numpy as np

from stream_processors.domain.signals.contingency import Estimate, PairCounts, log_interval


def reporting_odds_ratio(counts: PairCounts) -> Estimate:
    """ad / (bc), with SE ln = sqrt(1/a + 1/b + 1/c + 1/d).

    Undefined (nan) where b = 0 or c = 0, nothing is added to the cells to make it defined, and where d is below zero
    (contingency.py). Where a = 0 or d = 0 it is 0 and has no interval.
    """
    a, b, c, d = counts.a, counts.b, counts.c, counts.d
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where((b > 0) & (c > 0) & (d >= 0), a * d / (b * c), np.nan)
        variance = 1 / a + 1 / b + 1 / c + 1 / d
    return log_interval(value, variance)
