"""Scores that follow the stream: counts change, the pairs they name are scored again with pinned hyperparameters.

Hyperparameters belong to the whole table and change little from day to day, so they are fitted on a schedule and pinned by a
name in between. What is scored is what was touched: a pair whose margins alone moved is scored when it is next named, or when
all are scored after a fit. Every score carries the number of its look: who looks often enough finds something.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import NamedTuple

import numpy as np

from stream_processors.domain.signals.contingency import PairCounts, Reals, Wholes, possible
from stream_processors.domain.signals.expectation import StratumMargins, expected
from stream_processors.domain.signals.gamma_poisson_fit import Fit, fit
from stream_processors.domain.signals.hyperparameters import Hyperparameters
from stream_processors.domain.signals.report_counts import ALL, Margin, ReportCounts
from stream_processors.domain.signals.rescored_pair import METHOD, CountChanged, RescoredPair
from stream_processors.domain.signals.scores import scores


class Total:
    """The sum of one margin, and for a pair what its scores need: the sums of exposure and event, the last look."""

    __slots__ = ("_by_contributor", "_places", "contributors", "event", "exposure", "look", "looked", "margin", "reports")

    def __init__(self, margin: Margin, exposure: "Total | None", event: "Total | None") -> None:
        self.margin = margin
        self.exposure = self if exposure is None else exposure
        self.event = self if event is None else event
        self.reports = 0
        self.contributors = 0  # that have a report of it
        self._by_contributor: dict[str, int] = {}
        self._places: dict[tuple[str, int], tuple[int, int]] = {}  # contributor, source partition: newest version, reports
        self.look = 0
        self.looked: tuple[float, ...] = ()

    def take(self, said: CountChanged) -> None:
        """Of each contributor and source partition the highest version counts."""
        _, contributor, partition, reports, version = said
        before = self._places.get((contributor, partition), (-1, 0))
        if (version, reports) <= before:
            return
        self._places[contributor, partition] = (version, reports)
        held = self._by_contributor.get(contributor, 0)
        holds = held + reports - before[1]
        self._by_contributor[contributor] = holds
        self.contributors += (holds > 0) - (held > 0)
        self.reports += holds - held

    def next_look(self, counts: tuple[float, ...]) -> int:
        """The number of this look: the last one's if nothing has changed since, so that a replay looks no oftener."""
        if counts != self.looked:
            self.look += 1
            self.looked = counts
        return self.look


@dataclass(slots=True)
class Pool:
    """The newest counts, their sums, and the last look at every pair. Changed in place.

    Sums are counts of unique reports because a report lies with one contributor and in one partition.
    `waiting` are pairs whose counts do not fit together yet: a chunk ended between a pair's count and that of its margin.
    """

    theta: Hyperparameters
    prior: str
    stratified: bool = False
    totals: dict[Margin, Total] = field(default_factory=dict)
    strata: set[str] = field(default_factory=set)
    waiting: set[Total] = field(default_factory=set)

    def reports(self, margin: Margin) -> int:
        """The sum of this margin, 0 if it was never named."""
        known = self.totals.get(margin)
        return 0 if known is None else known.reports

    def total(self, margin: Margin) -> Total:
        """The sum of this margin, new if it was never named."""
        known = self.totals.get(margin)
        if known is None:
            exposure, event, stratum = margin
            paired = exposure is not None and event is not None
            known = self.totals[margin] = Total(
                margin,
                self.total(Margin(exposure, None, stratum)) if paired else None,
                self.total(Margin(None, event, stratum)) if paired else None,
            )
        return known


def changes(
    counts: ReportCounts, touched: Iterable[Margin], contributor: str, partition: int, version: int
) -> Iterator[CountChanged]:
    """What the fold of one contributor's reports says of the margins it touched, always in the same order."""
    for margin in sorted(touched, key=lambda margin: tuple((text is not None, text or "") for text in margin)):
        yield CountChanged(margin, contributor, partition, counts.count(margin), version)


def fold(pool: Pool, said: Iterable[CountChanged]) -> set[Total]:
    """Takes the counts in, the highest version of each place winning; returns every pair they name, and those that wait."""
    touched = set(pool.waiting)
    for change in said:
        total = pool.total(change.margin)
        total.take(change)
        if total.exposure is not total:
            touched.add(total)
        if change.margin.stratum is not None:
            pool.strata.add(change.margin.stratum)
    return touched


def outputs(pool: Pool, touched: set[Total], partition: int, version: int) -> Iterator[RescoredPair]:
    """Every touched pair scored at the counts of now, pairs without a report too, always in the same order."""
    pairs = sorted(touched, key=attrgetter("margin"))
    counts = _counts(pool, pairs)
    pool.waiting = {pair for pair, fits in zip(pairs, _fitting(counts), strict=True) if not fits}
    if pool.waiting:
        pairs = [pair for pair in pairs if pair not in pool.waiting]
        counts = _counts(pool, pairs)
    columns = [column.tolist() for column in scores(PairCounts(*counts), pool.theta).values()]
    for pair, row in zip(pairs, zip(*columns, strict=True), strict=True):
        exposure, event, _ = pair.margin
        head = (METHOD, pool.prior, exposure, event, pair.contributors, pair.next_look(row[:5]), partition, version)
        yield RescoredPair._make(head + row)


def every_pair(pool: Pool) -> set[Total]:
    """All pairs that were ever named: what to score after a fit."""
    return {total for total in pool.totals.values() if total.exposure is not total}


def refit(pool: Pool, prior: str) -> Fit:
    """Fits the hyperparameters to all pairs and pins them under this name, if the fit converged. Raises NothingToFit."""
    counts = _counts(pool, sorted(every_pair(pool), key=attrgetter("margin")))
    found = fit(counts.n, counts.e)
    if found.converged:
        pool.theta, pool.prior = found.theta, prior
    return found


class _Counts(NamedTuple):
    """What PairCounts is made of, and not yet sure to be possible."""

    n: Wholes
    n_exposure: Wholes
    n_event: Wholes
    n_reports: int
    e: Reals


def _counts(pool: Pool, pairs: Sequence[Total]) -> _Counts:
    whole = StratumMargins(
        _column([pair.exposure for pair in pairs]), _column([pair.event for pair in pairs]), pool.reports(ALL)
    )
    strata = _strata(pool, pairs) if pool.stratified else [whole]
    return _Counts(_column(pairs), *whole, expected(strata, len(pairs)))


def _fitting(counts: _Counts) -> list[bool]:
    fits: list[bool] = possible(counts.n, counts.n_exposure, counts.n_event, counts.n_reports).tolist()
    return fits


def _strata(pool: Pool, pairs: Sequence[Total]) -> Iterator[StratumMargins]:
    """The margins of each stratum, each exposure and event looked up once: pairs are many, they are few."""
    exposures, of_exposure = _places([pair.exposure for pair in pairs])
    events, of_event = _places([pair.event for pair in pairs])
    for stratum in sorted(pool.strata):
        x = [pool.reports(Margin(total.margin.exposure, None, stratum)) for total in exposures]
        y = [pool.reports(Margin(None, total.margin.event, stratum)) for total in events]
        in_stratum = pool.reports(Margin(None, None, stratum))
        yield StratumMargins(np.array(x, dtype=np.int64)[of_exposure], np.array(y, dtype=np.int64)[of_event], in_stratum)


def _places(totals: Sequence[Total]) -> tuple[list[Total], Wholes]:
    """The different ones, and for each its place among them."""
    places = {total: place for place, total in enumerate(dict.fromkeys(totals))}
    return list(places), np.array([places[total] for total in totals], dtype=np.int64)


def _column(totals: Sequence[Total]) -> Wholes:
    return np.array([total.reports for total in totals], dtype=np.int64)
