"""Relative report rate: observed over expected.

Source: DuMouchel 1999, The American Statistician 53(3), section 2. With few reports it is mostly noise: one report where
0.001 is expected gives 1,000. That is what the information component and EBGM shrink.
"""

import numpy as np

from stream_processors.domain.signals.contingency import PairCounts, Reals


def relative_report_rate(counts: PairCounts) -> Reals:
    """a / E. Undefined (nan) where nothing is observed and nothing expected, infinite where only the latter is so."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio: Reals = counts.a / counts.e
    return ratio
