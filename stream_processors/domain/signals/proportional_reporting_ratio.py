"""Proportional reporting ratio (PRR).

Source: Evans, Waller and Davis 2001, Pharmacoepidemiology and Drug Safety 10:483-486. Their rule for a signal is PRR >= 2,
chi-square >= 4 and at least three reports. Strata do not change it, as in openEBGM.
"""

import numpy as np

from stream_processors.domain.signals.contingency import Estimate, PairCounts, log_interval


def proportional_reporting_ratio(counts: PairCounts) -> Estimate:
    """[a/(a+b)] / [c/(c+d)], with SE ln = sqrt(1/a - 1/(a+b) + 1/c - 1/(c+d)).

    Where no other exposure has the event (c = 0) it is infinite and counts as at least 2, and has no interval.
    Where every report has the exposure (c + d = 0) there is nothing to compare with: nan. Where a = 0: 0 without interval.
    """
    a, c = counts.a, counts.c
    exposed, others = counts.n_exposure.astype(np.float64), (counts.n_reports - counts.n_exposure).astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = (a / exposed) / (c / others)
        variance = 1 / a - 1 / exposed + 1 / c - 1 / others
    return log_interval(value, variance)
