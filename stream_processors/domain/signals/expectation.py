"""How many reports are expected to name both, if exposure and event had nothing to do with each other.

Source: DuMouchel 1999, The American Statistician 53(3), section 2, eq. 1: E = sum over strata of n_i. n_.j / n_..; with
margins of unique reports as in openEBGM (`processRaw`). The sum over strata is what Mantel and Haenszel 1959 compare the
cell with: what both only share through age or place is no longer found.
"""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from stream_processors.domain.signals.contingency import Reals, Wholes


class StratumMargins(NamedTuple):
    """Unique reports of one stratum: for each pair those of its exposure and of its event, and all of the stratum."""

    n_exposure: Wholes
    n_event: Wholes
    n_reports: int


def expected(strata: Iterable[StratumMargins], pairs: int) -> Reals:
    """The expectation of each pair; the same to the last bit for the same strata in the same order.

    An empty stratum adds nothing. A report that stands in two strata counts in each of them.
    """
    total = np.zeros(pairs)
    for stratum in strata:
        if stratum.n_reports:
            total += stratum.n_exposure.astype(np.float64) * stratum.n_event.astype(np.float64) / stratum.n_reports
    return total
