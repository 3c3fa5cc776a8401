"""From rows of reports to counts of unique reports for every pair, in one pass."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from stream_processors.domain.signals.contingency import PairCounts, Wholes
from stream_processors.domain.signals.expectation import StratumMargins, expected

Pair = tuple[str, str]
"""Exposure, event."""


class ReportRow(NamedTuple):
    """A report names an exposure and an event; `stratum` is what the report shares with others: sex, setting, year."""

    report: str
    exposure: str
    event: str
    stratum: str = ""


@dataclass(frozen=True, slots=True)
class PairTable:
    """Every pair with at least one report, by exposure and event in the order of their code points."""

    pairs: Sequence[Pair]
    counts: PairCounts


class _Codes:
    """A number for each different text, and the column of them."""

    def __init__(self) -> None:
        self.codes: dict[str, int] = {}
        self.column = array("q")

    def add(self, text: str) -> None:
        self.column.append(self.codes.setdefault(text, len(self.codes)))

    def ranked(self) -> tuple[list[str], Wholes]:
        """The texts sorted, and the column in numbers of that order."""
        texts = sorted(self.codes)
        ranks = np.empty(len(texts), dtype=np.int64)
        ranks[[self.codes[text] for text in texts]] = np.arange(len(texts))
        return texts, ranks[np.frombuffer(self.column, dtype=np.int64)]


def tabulated(rows: Iterable[ReportRow]) -> PairTable:
    """The table of these rows; a row that comes twice changes nothing. Holds 32 bytes for each row, and each text once."""
    columns = [_Codes() for _ in ReportRow._fields]
    for row in rows:
        for column, text in zip(columns, row, strict=True):
            column.add(text)
    if not columns[0].column:
        nothing = np.zeros(0, dtype=np.int64)
        return PairTable((), PairCounts(nothing, nothing, nothing, 0, np.zeros(0)))
    (_, report), (exposures, exposure), (events, event), (strata, stratum) = (column.ranked() for column in columns)
    pairs, pair = np.unique(exposure * len(events) + event, return_inverse=True)
    of_exposure, of_event = pairs // len(events), pairs % len(events)
    margins = list(_margins(report, exposure, event, np.zeros_like(stratum)))
    by_stratum = _margins(report, exposure, event, stratum) if len(strata) > 1 else margins
    (whole,) = margins
    counts = PairCounts(
        n=_unique_reports(report, pair, len(pairs)),
        n_exposure=whole.n_exposure[of_exposure],
        n_event=whole.n_event[of_event],
        n_reports=whole.n_reports,
        e=expected((StratumMargins(x[of_exposure], y[of_event], total) for x, y, total in by_stratum), len(pairs)),
    )
    return PairTable([(exposures[x], events[y]) for x, y in zip(of_exposure, of_event, strict=True)], counts)


def _margins(report: Wholes, exposure: Wholes, event: Wholes, stratum: Wholes) -> Iterator[StratumMargins]:
    """Of each stratum in order: unique reports of every exposure, of every event, and of all."""
    exposures, events = int(exposure.max()) + 1, int(event.max()) + 1
    order = np.argsort(stratum, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(stratum[order])) + 1):
        yield StratumMargins(
            _unique_reports(report[rows], exposure[rows], exposures),
            _unique_reports(report[rows], event[rows], events),
            len(np.unique(report[rows])),
        )


def _unique_reports(report: Wholes, key: Wholes, keys: int) -> Wholes:
    """How many different reports stand behind each of the keys 0 .. keys-1."""
    return np.bincount(np.unique(report * keys + key) % keys, minlength=keys)
