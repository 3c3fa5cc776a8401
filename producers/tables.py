"""Tables before they are events: a sample of an unknown one, the rows of a known one. Only here do the `map` commands read."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from producers.failure import ExitCode, Failure
from producers.mapping import Mapping
from producers.readers.csv_records import DELIMITERS, Feed, Record, records
from producers.readers.csv_rows import recognised
from producers.readers.encodings import Encoding, as_utf8
from producers.readers.groups import Group, groups

_MAX_ROWS = 50_000
_MAX_CHARACTERS = 64_000_000


@dataclass(frozen=True, slots=True)
class Table:
    """The records of a file, of which the first names the columns. `delimiter` is empty for a workbook."""

    records: Iterator[Record]
    delimiter: str


@dataclass(frozen=True, slots=True)
class TableSample:
    """`columns`: the cells of each column, all as many as there are rows. Rows that cannot be read are left out."""

    delimiter: str
    columns: dict[str, list[str]]
    repeated: tuple[str, ...]
    """Names that two columns have, or none: a mapping could not say which is meant."""
    rows: int
    whole: bool


def csv_table(stream: BinaryIO, encoding: Encoding, mapping: Mapping | None = None) -> Table:
    """A CSV. Without a mapping its delimiter is the one by which the header shows most columns."""
    feed = Feed(as_utf8(stream, encoding))
    header = feed.first_line()
    delimiter = (mapping.delimiter or recognised(header, mapping.columns)) if mapping else _delimiter(header)
    return Table(records(feed, delimiter), delimiter)


def sample_of(table: Table) -> TableSample:
    """At most 50,000 rows or 64 million characters. Raises Failure when the file has no header."""
    names = _names(next(table.records, None))
    repeated = tuple(sorted({name for name in names if not name or names.count(name) > 1}))
    columns: dict[str, list[str]] = {name: [] for name in names if name not in repeated}
    rows, room, whole = 0, _MAX_CHARACTERS, True
    for group in groups(table.records, names, None):
        if rows == _MAX_ROWS or room <= 0:
            whole = False
            break
        for row in group.rows:
            rows += 1
            for name, cells in columns.items():
                cells.append(row[name].strip())
                room -= len(row[name])
    return TableSample(table.delimiter, columns, repeated, rows, whole)


def event_rows(table: Table, mapping: Mapping) -> tuple[list[str], Iterator[Group]]:
    """The names of the columns, and the rows of each event. Raises Failure when a column of the mapping is missing."""
    names = _names(next(table.records, None))
    wrong = [f"{name!r}: the mapping needs this column" for name in sorted(mapping.columns - set(names))]
    wrong += [f"{name!r}: two columns have this name" for name in sorted(mapping.columns) if names.count(name) > 1]
    if wrong:
        raise Failure("\n".join(f"column {told}" for told in wrong), ExitCode.FOUND)
    return names, groups(table.records, names, mapping.group_by)


def _names(header: Record | None) -> list[str]:
    if header is None or header.fault:
        raise Failure("the first row must name the columns", ExitCode.FOUND)
    return [name.strip() for name in header.cells]


def _delimiter(header: str) -> str:
    """The one that makes most cells of the header."""
    return max(DELIMITERS, key=lambda delimiter: len(next(csv.reader([header], delimiter=delimiter), [])))
