"""What an event counts as, and the exact fold of the latest contribution of each event into counts per cell and provider."""

from collections.abc import Iterable, Iterator
from operator import attrgetter
from typing import Any

from schemas.records import Cell, CellCount, ClassifiedEvent, Contribution, SafetyEvent
from schemas.taxonomy import Action
from stream_processors.domain import members
from stream_processors.domain.classification.effective import (
    effective_categories,
    effective_harm,
    effective_report_type,
)

UNKNOWN_MONTH = "unknown"


def contribution(record: ClassifiedEvent) -> Contribution:
    """The cells in which this revision of the event counts, one per category, and its members; none for a withdrawal."""
    event = record.event
    withdrawn = event.action is Action.WITHDRAW
    return Contribution(
        provider=event.provider,
        event_id=event.event_id,
        revision=event.revision,
        policy_version=record.acceptance.policy_version,
        withdrawn=withdrawn,
        cells=() if withdrawn else _cells(record),
        members_version=members.VERSION,
        members=() if withdrawn else members.members(record),
    )


def contributions(record: ClassifiedEvent) -> Iterator[Contribution]:
    """The contribution of an event, and none of a test event: whatever is counted anywhere is counted from these."""
    if not record.acceptance.test:
        yield contribution(record)


def _cells(record: ClassifiedEvent) -> tuple[Cell, ...]:
    cells = (
        Cell(
            category=category,
            harm=effective_harm(record),
            report_type=effective_report_type(record),
            month=month(record.event),
            provider_type=record.acceptance.provider_type,
            setting=record.event.setting,
        )
        for category in effective_categories(record)
    )
    return tuple(sorted(cells, key=attrgetter("key")))


def month(event: SafetyEvent) -> str:
    """YYYY-MM of the event, else of its discovery, else of its report.

    The first date that is there decides, also when it lacks a month: what happened in 2023 and was discovered in
    February 2024 did not happen in February 2024.
    """
    first = event.event_date or event.discovery_date or event.report_date or ""
    return first[:7] if len(first) >= 7 else UNKNOWN_MONTH


class _Row:
    """One cell and its tallies by contributor. The key is made once: making one is dearer than all the rest of the fold."""

    __slots__ = ("cell", "key", "tallies")

    def __init__(self, cell: Cell) -> None:
        self.cell = cell
        self.key = cell.key
        self.tallies: dict[str, Tally] = {}


class Tally:
    """The count of one cell and one contributor. It is its own identity: hashing one is free, hashing a cell is not."""

    __slots__ = ("contributor", "count", "row", "usual")

    def __init__(self, row: _Row, contributor: str) -> None:
        self.row = row
        self.contributor = contributor
        self.count = 0
        self.usual: Version | None = None  # most events are one version of one cell: they share it

    @property
    def cell(self) -> Cell:
        """The cell that is counted."""
        return self.row.cell

    @property
    def key(self) -> str:
        """The cell's key."""
        return self.row.key


Version = tuple[Any, ...]
"""One revision of an event, flat because there are millions: revision, policy version, withdrawn, then its tallies."""


class _Contributor:
    """One provider and the latest version of each of its events."""

    __slots__ = ("latest", "provider")

    def __init__(self, provider: str) -> None:
        self.provider = provider
        self.latest: dict[str, Version] = {}


class Counts:
    """The fold of one source partition, changed in place: a function of the contributions seen, not of their order."""

    __slots__ = ("_contributors", "_rows")

    def __init__(self) -> None:
        self._contributors: dict[str, _Contributor] = {}
        self._rows: dict[Cell, _Row] = {}

    def __len__(self) -> int:
        """How many events it knows."""
        return sum(len(contributor.latest) for contributor in self._contributors.values())

    def tallies(self) -> Iterator[Tally]:
        """Every count it keeps, zeros included."""
        for row in self._rows.values():
            yield from row.tallies.values()

    def contributor(self, provider: str) -> _Contributor:
        """The contributor of this id, new if it was never seen."""
        known = self._contributors.get(provider)
        if known is None:
            known = self._contributors[provider] = _Contributor(provider)
        return known

    def tally(self, cell: Cell, provider: str) -> Tally:
        """The tally of this cell and contributor, new if it was never seen."""
        row = self._rows.get(cell)
        if row is None:
            row = self._rows[cell] = _Row(cell)
        tally = row.tallies.get(provider)
        if tally is None:
            tally = row.tallies[provider] = Tally(row, provider)
        return tally


def fold(counts: Counts, contributions: Iterable[Contribution]) -> set[Tally]:
    """Takes each contribution in and returns the tallies it names, also where it is a duplicate or stale.

    With compaction a rebuilt state is no function of the offset alone: a revision whose duplicate comes later is missing
    from a rebuilt prefix, and its retraction would never be said. So what is touched is said again.
    """
    touched: set[Tally] = set()
    for record in contributions:
        contributor = counts.contributor(record.provider)
        version = _version(counts, contributor, record)
        before = contributor.latest.get(record.event_id)
        touched.update(version[3:])
        if before is not None:
            if version is before or not _follows(version, before):
                continue
            touched.update(before[3:])
            _add(before, -1)
        _add(version, +1)
        contributor.latest[record.event_id] = version
    return touched


def outputs(_counts: Counts, touched: set[Tally], partition: int, version: int) -> Iterator[CellCount]:
    """The touched counts as absolute values, zero said and not left out, always in the same order."""
    for tally in sorted(touched, key=attrgetter("key", "contributor")):
        yield CellCount(cell=tally.cell, contributor=tally.contributor, partition=partition, count=tally.count, version=version)


def _version(counts: Counts, contributor: _Contributor, record: Contribution) -> Version:
    tallies = [counts.tally(cell, contributor.provider) for cell in record.cells]
    if len(tallies) > 1:  # each cell once and in the order of their keys: two ways to write the same are the same version
        tallies = sorted(set(tallies), key=attrgetter("key"))
    version = (record.revision, record.policy_version, record.withdrawn, *tallies)
    return version if len(tallies) != 1 else _shared(version, tallies[0])


def _shared(version: Version, tally: Tally) -> Version:
    if tally.usual is None:
        tally.usual = version
    return tally.usual if tally.usual == version else version


def _follows(version: Version, before: Version) -> bool:
    """The highest (revision, policy version, withdrawn, cells) wins, whatever the order of arrival."""
    if version[:3] != before[:3]:
        return version[:3] > before[:3]
    return _keys(version) > _keys(before)


def _keys(version: Version) -> list[str]:
    return [tally.key for tally in version[3:]]


def _add(version: Version, step: int) -> None:
    if not version[2]:
        for tally in version[3:]:
            tally.count += step
