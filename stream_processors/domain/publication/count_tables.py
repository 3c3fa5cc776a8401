"""Count tables of two or three ways with all their margins, and whether what was given is one."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from stream_processors.domain.faults import Fault

TOTAL = "*"
"""The label of the sum over an axis."""

Place = tuple[str, str, str]
"""Row, column, layer; the layer is empty in a table of two ways."""


@dataclass(frozen=True, slots=True)
class GivenCell:
    """One row of the input as it was written, and its line."""

    line: int
    table_id: str
    place: Place
    count: str


@dataclass(frozen=True, slots=True)
class CountTable:
    """A whole table that adds up. `counts` follows the order in which the cells were given."""

    table_id: str
    places: tuple[Place, ...]
    counts: tuple[int, ...]

    @property
    def ways(self) -> int:
        """2 or 3."""
        return 3 if self.places[0][2] else 2

    def sums(self) -> Iterator[tuple[int, tuple[int, ...]]]:
        """Every equation of the table: the position of a total, and the positions of what it is the total of."""
        return sums_of(self.places)


def as_tables(given: Sequence[GivenCell]) -> tuple[list[CountTable], list[Fault]]:
    """The tables that are whole and add up, in the order of their first cell, and what is wrong with the others.

    A fault names line and reason and never a count. A table with a fault is in no list: it may not be published.
    """
    tables, faults = [], []
    by_table: dict[str, list[GivenCell]] = {}
    for cell in given:
        by_table.setdefault(cell.table_id, []).append(cell)
    for table_id, cells in by_table.items():
        if wrong := list(_faults(cells)):
            faults += wrong
        else:
            tables.append(CountTable(table_id, tuple(c.place for c in cells), tuple(int(c.count) for c in cells)))
    return tables, faults


def _faults(cells: Sequence[GivenCell]) -> Iterator[Fault]:
    wrong = [*_unreadable(cells), *_misplaced(cells)]
    yield from wrong
    if not wrong:
        yield from _wrong_sums(cells)


def _unreadable(cells: Iterable[GivenCell]) -> Iterator[Fault]:
    for cell in cells:
        if not (cell.count.isascii() and cell.count.isdigit()):
            yield _fault(cell, "the count is no whole number from 0")
        elif len(cell.count) > 15:
            yield _fault(cell, "the count is too large")
        if not (cell.place[0] and cell.place[1]):
            yield _fault(cell, "row or column is empty")


def _misplaced(cells: Sequence[GivenCell]) -> Iterator[Fault]:
    seen: dict[Place, int] = {}
    for cell in cells:
        if cell.place in seen:
            yield _fault(cell, f"the cell was given in line {seen[cell.place]} already")
        if bool(cell.place[2]) != bool(cells[0].place[2]):
            yield _fault(cell, "some cells of the table have a layer and some have none")
        seen.setdefault(cell.place, cell.line)
    labels = [sorted({place[axis] for place in seen} - {TOTAL}) for axis in range(3 if cells[0].place[2] else 2)]
    if not all(labels):
        yield _fault(cells[0], "the table has nothing but totals along an axis")
        return
    for wanted in product(*([*names, TOTAL] for names in labels)):
        if (wanted if len(wanted) == 3 else (*wanted, "")) not in seen:
            yield _fault(cells[0], f"the table lacks the cell {', '.join(wanted)}")


def _wrong_sums(cells: Sequence[GivenCell]) -> Iterator[Fault]:
    for total, parts in sums_of([cell.place for cell in cells]):
        if int(cells[total].count) != sum(int(cells[part].count) for part in parts):
            yield _fault(cells[total], "the total is not the sum of its cells")


def _fault(cell: GivenCell, reason: str) -> Fault:
    return Fault(f"line {cell.line}, table {cell.table_id}", reason)


def sums_of(places: Sequence[Place]) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Every equation of a whole table: the position of a total, and the positions of what it is the total of."""
    for axis in range(3 if places[0][2] else 2):
        lines: dict[tuple[str, ...], list[int]] = {}
        for position, place in enumerate(places):
            lines.setdefault(place[:axis] + place[axis + 1 :], []).append(position)
        for line in lines.values():
            (total,) = (p for p in line if places[p][axis] == TOTAL)
            yield total, tuple(p for p in line if p != total)
