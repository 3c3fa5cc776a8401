"""The exact fold of reports under correction: counts of unique reports, whatever order their versions arrive in.

The same rule as for all counts (docs/decisions/0002): the highest (version, removed, rows) of an event wins, what it said
before is retracted, what it says now is added. So the state is a function of the set of versions, not of their order.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from sys import intern
from typing import NamedTuple

import numpy as np

from stream_processors.domain.signals.contingency import PairCounts, Wholes
from stream_processors.domain.signals.expectation import StratumMargins, expected
from stream_processors.domain.signals.pair_table import Pair, PairTable, ReportRow


class EventRows(NamedTuple):
    """One version of an event: the rows it adds to the reports, none if it is removed.

    `version` orders the versions of one event: (revision, policy version) in the stream, one number in a file.
    """

    event_id: str
    version: tuple[int, ...]
    removed: bool
    rows: tuple[ReportRow, ...]


class Margin(NamedTuple):
    """What is counted: reports with this exposure, this event, in this stratum; None where anything will do."""

    exposure: str | None = None
    event: str | None = None
    stratum: str | None = None


ALL = Margin()


@dataclass(slots=True)
class ReportCounts:
    """The latest version of every event, and behind each margin its reports with the number of rows that say so.

    A report leaves a margin with its last row. Changed in place by `fold`.
    """

    stratified: bool = False
    latest: dict[str, tuple[tuple[int, ...], bool, tuple[ReportRow, ...]]] = field(default_factory=dict)
    reports: dict[Margin, dict[str, int]] = field(default_factory=dict)

    def count(self, margin: Margin) -> int:
        """How many unique reports."""
        return len(self.reports.get(margin, ()))

    def margins(self, row: ReportRow) -> Iterator[Margin]:
        """Every margin in which a row counts."""
        _, exposure, event, stratum = row
        yield Margin(exposure, event)
        yield Margin(exposure)
        yield Margin(None, event)
        yield ALL
        if self.stratified:
            yield Margin(exposure, None, stratum)
            yield Margin(None, event, stratum)
            yield Margin(None, None, stratum)


def fold(counts: ReportCounts, versions: Iterable[EventRows]) -> set[Margin]:
    """Takes each version in and returns the margins it names, also where it is a duplicate or stale (see aggregation.fold)."""
    touched: set[Margin] = set()
    for event_id, version, removed, rows in versions:
        follows = (version, removed, () if removed else tuple(sorted(_shared(row) for row in set(rows))))
        before = counts.latest.get(event_id)
        touched.update(margin for row in follows[2] for margin in counts.margins(row))
        if before is not None:
            if follows <= before:
                continue
            touched.update(margin for row in before[2] for margin in counts.margins(row))
            _retract(counts, before[2])
        _add(counts, follows[2])
        counts.latest[event_id] = follows
    return touched


def _shared(row: ReportRow) -> ReportRow:
    """The same row of texts that are kept once for all rows: a million events would keep four million."""
    return ReportRow(*map(intern, row))


def _add(counts: ReportCounts, rows: tuple[ReportRow, ...]) -> None:
    for row in rows:
        for margin in counts.margins(row):
            reports = counts.reports.setdefault(margin, {})
            reports[row.report] = reports.get(row.report, 0) + 1


def _retract(counts: ReportCounts, rows: tuple[ReportRow, ...]) -> None:
    for row in rows:
        for margin in counts.margins(row):
            reports = counts.reports[margin]
            reports[row.report] -= 1
            if not reports[row.report]:
                del reports[row.report]
                if not reports:
                    del counts.reports[margin]


def table(counts: ReportCounts) -> PairTable:
    """The pairs that have a report: what `pair_table.tabulated` makes of the rows that survive, to the last bit."""
    pairs = sorted((m.exposure, m.event) for m in counts.reports if m.exposure is not None and m.event is not None)
    strata = sorted({m.stratum for m in counts.reports if m.stratum is not None}) if counts.stratified else [None]
    whole = _stratum(counts, pairs, None)
    return PairTable(
        pairs,
        PairCounts(
            n=_column(counts, [Margin(*pair) for pair in pairs]),
            n_exposure=whole.n_exposure,
            n_event=whole.n_event,
            n_reports=whole.n_reports,
            e=expected((_stratum(counts, pairs, stratum) for stratum in strata), len(pairs)),
        ),
    )


def _stratum(counts: ReportCounts, pairs: list[Pair], stratum: str | None) -> StratumMargins:
    return StratumMargins(
        _column(counts, [Margin(exposure, None, stratum) for exposure, _ in pairs]),
        _column(counts, [Margin(None, event, stratum) for _, event in pairs]),
        counts.count(Margin(None, None, stratum)),
    )


def _column(counts: ReportCounts, margins: list[Margin]) -> Wholes:
    return np.array([counts.count(margin) for margin in margins], dtype=np.int64)
