"""From folded counts to the table that is scored: the same as from the rows that survive, to the last bit."""

from typing import NamedTuple

import numpy as np

from stream_processors.domain.signals.contingency import PairCounts, Wholes
from stream_processors.domain.signals.expectation import StratumMargins, expected
from stream_processors.domain.signals.pair_table import Pair, PairTable
from stream_processors.domain.signals.report_counts import Margin, ReportCounts


def table(counts: ReportCounts) -> PairTable:
    """The pairs that have a report; `pair_table.tabulated` makes the same of the rows."""
    paired = {(m.exposure, m.event): reports for m, reports in counts.reports.items() if None not in m[:2]}
    pairs = sorted((str(exposure), str(event)) for (exposure, event), reports in paired.items() if reports)
    sides = _sides(counts, pairs)
    of_exposure = np.array([sides.exposures[exposure] for exposure, _ in pairs], dtype=np.int64)
    of_event = np.array([sides.events[event] for _, event in pairs], dtype=np.int64)
    margins = {
        stratum: StratumMargins(x[of_exposure], y[of_event], counts.count(Margin(None, None, stratum)))
        for stratum, (x, y) in sides.strata.items()
    }
    whole = margins.pop(None)
    by_stratum = [margins[name] for name in sorted(map(str, margins))] if counts.stratified else [whole]
    n = np.array([len(paired[pair]) for pair in pairs], dtype=np.int64)
    return PairTable(pairs, PairCounts(n, *whole, expected(by_stratum, len(pairs))))


class _Sides(NamedTuple):
    """Where each exposure and event stands, and of each stratum the reports of every exposure and of every event."""

    exposures: dict[str, int]
    events: dict[str, int]
    strata: dict[str | None, tuple[Wholes, Wholes]]


def _sides(counts: ReportCounts, pairs: list[Pair]) -> _Sides:
    exposures = {text: place for place, text in enumerate(dict.fromkeys(exposure for exposure, _ in pairs))}
    events = {text: place for place, text in enumerate(dict.fromkeys(event for _, event in pairs))}
    strata = {name: (_zeros(exposures), _zeros(events)) for name in {margin.stratum for margin in counts.reports} | {None}}
    for (exposure, event, stratum), reports in counts.reports.items():
        if reports and event is None and exposure is not None:
            strata[stratum][0][exposures[exposure]] = len(reports)
        if reports and exposure is None and event is not None:
            strata[stratum][1][events[event]] = len(reports)
    return _Sides(exposures, events, strata)


def _zeros(places: dict[str, int]) -> Wholes:
    return np.zeros(len(places), dtype=np.int64)
