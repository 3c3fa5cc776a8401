"""Reference detectors: what each scores on every day of a report. They see the same reports, with the same learnt rates."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from stream_processors.domain.signals.cluster_evidence import Floats, Ints, Reports
from stream_processors.domain.signals.cusum import cusum, poisson_weights
from stream_processors.domain.signals.ewma import poisson_ewma
from stream_processors.domain.signals.poisson_maxsprt import log_likelihood_ratio

Detector = Callable[[Reports, Floats, int], tuple[Ints, Floats]]
"""(reports, events a day of each provider, days) to days with a report and the score of each."""

LONGEST = 60
"""Days of the longest window of the scan."""


def daily(reports: Reports, days: int, of: npt.NDArray[np.bool_] | None = None) -> Floats:
    """Reports on each day, by day of report."""
    when = reports.report_day if of is None else reports.report_day[of]
    return np.bincount(when[when < days], minlength=days).astype(float)


def pooled_cusum(reports: Reports, rates: Floats, days: int) -> tuple[Ints, Floats]:
    """Of the pooled reports, tuned to three times the rate; twice the rate found less in every trial."""
    x = daily(reports, days)
    return _on_reports(x, cusum(poisson_weights(x, np.full(days, rates.sum()), 3.0)))


def pooled_ewma(reports: Reports, rates: Floats, days: int) -> tuple[Ints, Floats]:
    """With weight 0.05."""
    x = daily(reports, days)
    found = poisson_ewma(x, np.full(days, rates.sum()), 0.05)
    return _on_reports(x, found.average / found.sigma)


def temporal_scan(reports: Reports, rates: Floats, days: int) -> tuple[Ints, Floats]:
    """The largest likelihood ratio over windows that end today."""
    x = daily(reports, days)
    total, at = np.append(0.0, np.cumsum(x)), np.flatnonzero(x)
    best = np.zeros(at.size)
    for length in range(1, LONGEST + 1):
        seen = total[at + 1] - total[np.maximum(at + 1 - length, 0)]
        best = np.maximum(best, log_likelihood_ratio(seen, np.full(at.size, rates.sum() * length)))
    return at, best


def yearly_maxsprt(reports: Reports, rates: Floats, days: int) -> tuple[Ints, Floats]:
    """Begun anew every year; at least three events."""
    x = daily(reports, days)
    total, at = np.append(0.0, np.cumsum(x)), np.flatnonzero(x)
    begun = at // 365 * 365
    seen = total[at + 1] - total[begun]
    return at, np.where(seen >= 3, log_likelihood_ratio(seen, rates.sum() * (at + 1 - begun)), 0.0)


def any_single_provider(reports: Reports, rates: Floats, days: int) -> tuple[Ints, Floats]:
    """The largest CUSUM of one provider alone, tuned to ten times its rate."""
    best = np.zeros(days)
    for provider in range(rates.size):
        mine = reports.provider == provider
        x = daily(reports, days, mine)
        best = np.maximum(best, np.where(x > 0, cusum(poisson_weights(x, np.full(days, rates[provider]), 10.0)), 0.0))
    return _on_reports(daily(reports, days), best)


def _on_reports(x: Floats, scores: Floats) -> tuple[Ints, Floats]:
    at = np.flatnonzero(x)
    return at, scores[at]


DETECTORS: dict[str, Detector] = {
    "pooled CUSUM": pooled_cusum,
    "pooled EWMA": pooled_ewma,
    "temporal scan": temporal_scan,
    "MaxSPRT, yearly": yearly_maxsprt,
    "any single provider": any_single_provider,
}
