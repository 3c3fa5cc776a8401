"""CSV records -> the rows of one event each: neighbours with the same key belong together."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from producers.mapping import Row
from producers.readers.csv_records import Record, cell_fault
from producers.readers.lines import MAX_LINE_BYTES
from producers.readers.outcome import Fault, Reason

_INCOMPLETE = "another row of the same event, or one that may be, has a fault"
_SCATTERED = "rows of this event stand further up too: sort the file by this column"
_LARGE = f"the rows of one event hold more than {MAX_LINE_BYTES} characters"


@dataclass(slots=True)
class Group:
    """The rows of one event, from record number `row` on, and their numbers; with faults they make no event."""

    row: int
    rows: list[Row] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    size: int = 0


class _Read(NamedTuple):
    number: int
    row: Row | None
    fault: Fault | None


def groups(records: Iterator[Record], names: list[str], key: str | None) -> Iterator[Group]:
    """The groups by the column `key`; without it every record is one."""
    read = (_read(record, names) for record in records)
    if key is None:
        for one in read:
            yield _alone(one)
    else:
        yield from _Grouping(key).groups(read)


def _read(record: Record, names: list[str]) -> _Read:
    if record.fault:
        return _Read(record.number, None, record.fault)
    cells = record.cells
    if len(cells) != len(names):
        cells, surplus = cells[: len(names)], cells[len(names) :]
        if len(cells) < len(names) or any(surplus):
            hint = f"{len(record.cells)} cells under {len(names)} column names"
            return _Read(record.number, None, Fault(record.number, "", Reason.WRONG_NUMBER_OF_COLUMNS, hint))
    return _Read(record.number, dict(zip(names, cells, strict=True)), cell_fault(record.number, names, cells))


def _alone(read: _Read) -> Group:
    if read.fault or read.row is None:
        return Group(read.number, faults=[read.fault] if read.fault else [])
    return Group(read.number, [read.row], [read.number])


class _Grouping:
    """An event must not go out without one of its rows: a row whose key is unreadable spoils both its neighbours."""

    def __init__(self, key: str) -> None:
        self._key = key
        self._seen: set[bytes] = set()
        self._current: str | None = None
        self._group: Group | None = None
        self._spoils_next = False

    def groups(self, read: Iterator[_Read]) -> Iterator[Group]:
        for one in read:
            if one.row is None:
                yield from self._unreadable(one)
                continue
            value = one.row[self._key].strip()
            if self._group is None or value != self._current:
                yield from self._end()
                self._begin(one.number, value)
            self._spoils_next = False  # an unreadable row between two of the same event belongs to no other
            self._add(one)
        yield from self._end()

    def _unreadable(self, one: _Read) -> Iterator[Group]:
        if self._group is None:
            yield Group(one.number, faults=[one.fault] if one.fault else [])
        elif one.fault:
            self._group.faults.append(one.fault)
        self._spoils_next = True

    def _begin(self, number: int, value: str) -> None:
        self._group = Group(number)
        self._current = value
        digest = hashlib.blake2b(value.encode("utf-8", "surrogateescape"), digest_size=16).digest()
        if digest in self._seen:
            self._group.faults.append(Fault(number, self._key, Reason.SCATTERED_GROUP, _SCATTERED))
        elif not value:
            self._group.faults.append(Fault(number, self._key, Reason.MISSING, "every row must name its event"))
        else:
            self._seen.add(digest)
        if self._spoils_next:
            self._group.faults.append(Fault(number, self._key, Reason.INCOMPLETE_GROUP, _INCOMPLETE))

    def _add(self, one: _Read) -> None:
        group = self._group
        if group is None or one.row is None:
            return
        if one.fault:
            group.faults.append(one.fault)
        group.size += sum(len(cell) for cell in one.row.values())
        if group.size <= MAX_LINE_BYTES:
            group.rows.append(one.row)
            group.numbers.append(one.number)
        elif not any(fault.reason is Reason.TOO_LONG for fault in group.faults):
            group.faults.append(Fault(one.number, self._key, Reason.TOO_LONG, _LARGE))

    def _end(self) -> Iterator[Group]:
        if self._group is not None:
            yield self._group
        self._group = None
