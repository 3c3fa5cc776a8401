"""Every disproportionality measure of many pairs, as named columns. A score says "look here", and nothing else."""

from collections.abc import Mapping

import numpy as np

from stream_processors.domain.signals.chi_square import chi_square_yates
from stream_processors.domain.signals.contingency import Estimate, PairCounts, Reals, Wholes
from stream_processors.domain.signals.gamma_poisson import ebgm
from stream_processors.domain.signals.hyperparameters import Hyperparameters
from stream_processors.domain.signals.information_component import bound, information_component_approximate
from stream_processors.domain.signals.proportional_reporting_ratio import proportional_reporting_ratio
from stream_processors.domain.signals.relative_report_rate import relative_report_rate
from stream_processors.domain.signals.reporting_odds_ratio import reporting_odds_ratio

COLUMNS = (
    *("n", "n_exposure", "n_event", "n_reports", "e", "rr", "prr", "prr_lo", "prr_hi", "ror", "ror_lo", "ror_hi"),
    *("chi2_yates", "ic", "ic025", "ic025_approx", "ebgm", "eb05", "eb95"),
)


def scores(counts: PairCounts, theta: Hyperparameters | None) -> Mapping[str, Wholes | Reals]:
    """The columns in their order; without hyperparameters the last three are nan, for no prior is better than a wrong one."""
    prr, ror = proportional_reporting_ratio(counts), reporting_odds_ratio(counts)
    ic = information_component_approximate(counts)
    unknown = np.full(len(counts), np.nan)
    shrunk = Estimate(unknown, unknown, unknown) if theta is None else ebgm(counts.n, counts.e, theta)
    columns = (
        *(counts.n, counts.n_exposure, counts.n_event, np.full(len(counts), counts.n_reports), counts.e),
        *(relative_report_rate(counts), *prr, *ror, chi_square_yates(counts)),
        *(ic.value, bound(counts, 0.025), ic.low, *shrunk),
    )
    return dict(zip(COLUMNS, columns, strict=True))
