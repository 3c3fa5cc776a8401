"""What an event counts as, and the exact fold of the latest contribution of each event into counts per cell and provider."""

from collections.abc import Iterable, Iterator
from operator import attrgetter
from typing import Any

from schemas import cubes
from schemas.records import Cell, CellCount, ClassifiedEvent, Contribution, CubeCount
from schemas.taxonomy import Action
from stream_processors.domain.classification.effective import (
    effective_categories,
    effective_harm,
    effective_report_type,
)
from stream_processors.domain.cube_cells import cube_cells
from stream_processors.domain.event_month import month


def contribution(record: ClassifiedEvent) -> Contribution:
    """The cells in which this revision of the event counts: one per category, and those of the cubes; none for a withdrawal."""
    event = record.event
    withdrawn = event.action is Action.WITHDRAW
    return Contribution(
        provider=event.provider,
        event_id=event.event_id,
        revision=event.revision,
        policy_version=record.acceptance.policy_version,
        withdrawn=withdrawn,
        cells=() if withdrawn else _cells(record),
        cubes_version=cubes.VERSION,
        cube_cells=() if withdrawn else cube_cells(record),
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


class _Row:
    """One cell. Its key is made once: making one is dearer than all the rest of the fold."""

    __slots__ = ("cell", "key")

    def __init__(self, cell: Cell | str) -> None:
        self.cell = cell
        self.key = cell if isinstance(cell, str) else cell.key


class Tally:
    """The count of one cell and one contributor. It is its own identity: hashing one is free, hashing a cell is not."""

    __slots__ = ("contributor", "count", "row", "usual")

    def __init__(self, row: _Row, contributor: str) -> None:
        self.row = row
        self.contributor = contributor
        self.count = 0
        self.usual: Version | None = None  # many events are one version of the same cells: they share it

    @property
    def cell(self) -> Cell | str:
        """The cell that is counted; the cell of a cube is a text."""
        return self.row.cell

    @property
    def key(self) -> str:
        """The cell's key."""
        return self.row.key


Rank = tuple[int, int, bool, int]
"""Revision, policy version, withdrawn, version of the cubes."""

Version = tuple[Any, ...]
"""One revision of an event, flat because there are millions: (its rank, how many cells), then its tallies.

Those of cells stand before those of cubes, either in the order of their keys.
"""


class _Contributor:
    """One provider, its tallies, and the latest version of each of its events."""

    __slots__ = ("latest", "provider", "tallies")

    def __init__(self, provider: str) -> None:
        self.provider = provider
        self.latest: dict[str, Version] = {}
        self.tallies: dict[Cell | str, Tally] = {}


class Counts:
    """The fold of one source partition, changed in place: a function of the contributions seen, not of their order."""

    __slots__ = ("_contributors", "_heads", "_rows")

    def __init__(self) -> None:
        self._contributors: dict[str, _Contributor] = {}
        self._heads: dict[tuple[Rank, int], tuple[Rank, int]] = {}
        self._rows: dict[Cell | str, _Row] = {}

    def __len__(self) -> int:
        """How many events it knows."""
        return sum(len(contributor.latest) for contributor in self._contributors.values())

    def tallies(self) -> Iterator[Tally]:
        """Every count it keeps, zeros included."""
        for contributor in self._contributors.values():
            yield from contributor.tallies.values()

    def contributor(self, provider: str) -> _Contributor:
        """The contributor of this id, new if it was never seen."""
        known = self._contributors.get(provider)
        if known is None:
            known = self._contributors[provider] = _Contributor(provider)
        return known

    def version(self, contributor: _Contributor, record: Contribution) -> Version:
        """What a contribution says. Each cell once and in the order of their keys: two ways to write it are the same."""
        cells, cubed = record.cells, record.cube_cells
        if len(cells) > 1:
            cells = tuple(sorted(set(cells), key=attrgetter("key")))
        if len(cubed) > 1:
            cubed = tuple(sorted(set(cubed)))
        rank = (record.revision, record.policy_version, record.withdrawn, record.cubes_version)
        head = self._heads.setdefault(fresh := (rank, len(cells)), fresh)
        named: tuple[Cell | str, ...] = (*cells, *cubed)
        known = contributor.tallies
        tallies = [known.get(cell) or self._new_tally(cell, contributor) for cell in named]
        return _shared((head, *tallies), tallies[0]) if tallies else (head,)

    def _new_tally(self, cell: Cell | str, contributor: _Contributor) -> Tally:
        row = self._rows.get(cell)
        if row is None:
            row = self._rows[cell] = _Row(cell)
        tally = contributor.tallies[row.cell] = Tally(row, contributor.provider)
        return tally


def fold(counts: Counts, contributions: Iterable[Contribution]) -> set[Tally]:
    """Takes each contribution in and returns the tallies it names, also where it is a duplicate or stale.

    With compaction a rebuilt state is no function of the offset alone: a revision whose duplicate comes later is missing
    from a rebuilt prefix, and its retraction would never be said. So what is touched is said again.
    """
    touched: set[Tally] = set()
    for record in contributions:
        contributor = counts.contributor(record.provider)
        version = counts.version(contributor, record)
        before = contributor.latest.get(record.event_id)
        touched.update(version[1:])
        if before is not None:
            if version is before or not _follows(version, before):
                continue
            touched.update(before[1:])
            _add(before, -1)
        _add(version, +1)
        contributor.latest[record.event_id] = version
    return touched


def outputs(_counts: Counts, touched: set[Tally], partition: int, version: int) -> Iterator[CellCount | CubeCount]:
    """The touched counts as absolute values, zero said and not left out, always in the same order."""
    for tally in sorted(touched, key=attrgetter("row.key", "contributor")):
        cell = tally.row.cell
        if isinstance(cell, str):
            yield CubeCount(cell, tally.contributor, partition, tally.count, version)
        else:
            yield CellCount(cell, tally.contributor, partition, tally.count, version)


def _shared(version: Version, tally: Tally) -> Version:
    if tally.usual is None:
        tally.usual = version
    return tally.usual if tally.usual == version else version


def _follows(version: Version, before: Version) -> bool:
    """The highest (rank, cells, cells of cubes) wins, whatever the order of arrival."""
    rank, former = version[0][0], before[0][0]
    if rank != former:
        return bool(rank > former)
    return _keys(version) > _keys(before)


def _keys(version: Version) -> tuple[list[str], list[str]]:
    (_, cells), *tallies = version
    keys = [tally.key for tally in tallies]
    return keys[:cells], keys[cells:]


def _add(version: Version, step: int) -> None:
    (_, _, withdrawn, _), _ = version[0]
    if not withdrawn:
        for tally in version[1:]:
            tally.count += step
