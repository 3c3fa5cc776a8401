"""The exact fold of reports under correction: counts of unique reports, whatever order their versions arrive in.

The same rule as for all counts (docs/decisions/0002): the highest (version, removed, rows) of an event wins, what it said
before is retracted, what it says now is added. So the state is a function of the set of versions, not of their order.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from sys import intern
from typing import Any, NamedTuple

from stream_processors.domain.signals.pair_table import ReportRow


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


class Link:
    """An exposure and an event in a stratum, and the margins in which a row of theirs counts, each with its reports.

    Looked up once for each row, and kept once for all rows that name the same.
    """

    __slots__ = ("margins", "names")

    def __init__(self, names: tuple[str, str, str], margins: tuple[tuple[Margin, dict[str, int]], ...]) -> None:
        self.names = names
        self.margins = margins


Version = tuple[Any, ...]
"""One version of an event, flat because there are millions: its number, whether removed, then report, link, report, link ..."""


@dataclass(slots=True)
class ReportCounts:
    """The latest version of every event, and behind each margin its reports with the number of rows that say so.

    A report leaves a margin with its last row. Changed in place by `fold`.
    """

    stratified: bool = False
    latest: dict[str, Version] = field(default_factory=dict)
    reports: dict[Margin, dict[str, int]] = field(default_factory=dict)
    links: dict[tuple[str, str, str], Link] = field(default_factory=dict)

    def count(self, margin: Margin) -> int:
        """How many unique reports."""
        return len(self.reports.get(margin, ()))

    def link(self, row: ReportRow) -> Link:
        """Where this row counts, new if it was never seen."""
        names = row[1:]
        known = self.links.get(names)
        if known is None:
            margins = ((margin, self.reports.setdefault(margin, {})) for margin in self._margins(*names))
            known = self.links[names] = Link(names, tuple(margins))
        return known

    def _margins(self, exposure: str, event: str, stratum: str) -> Iterator[Margin]:
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
    for said in versions:
        version = _version(counts, said)
        before = counts.latest.get(said.event_id)
        touched.update(_named(version))
        if before is not None:
            if not _follows(version, before):
                continue
            touched.update(_named(before))
            _retract(before)
        _add(version)
        counts.latest[said.event_id] = version
    return touched


def _version(counts: ReportCounts, said: EventRows) -> Version:
    """Each row once and in the order of its texts: two ways to write the same are the same version."""
    rows = () if said.removed else sorted(set(said.rows))
    return (said.version, said.removed, *(part for row in rows for part in (intern(row.report), counts.link(row))))


def _follows(version: Version, before: Version) -> bool:
    """The highest (version, removed, rows) wins, whatever the order of arrival."""
    if version[:2] != before[:2]:
        return version[:2] > before[:2]
    return _texts(version) > _texts(before)


def _texts(version: Version) -> list[tuple[str, ...]]:
    return [(report, *link.names) for report, link in _rows(version)]


def _rows(version: Version) -> Iterator[tuple[str, Link]]:
    return zip(version[2::2], version[3::2], strict=True)


def _named(version: Version) -> Iterator[Margin]:
    return (margin for _, link in _rows(version) for margin, _ in link.margins)


def _add(version: Version) -> None:
    for report, link in _rows(version):
        for _, reports in link.margins:
            reports[report] = reports.get(report, 0) + 1


def _retract(version: Version) -> None:
    for report, link in _rows(version):
        for _, reports in link.margins:
            reports[report] -= 1
            if not reports[report]:
                del reports[report]
