"""CSV with a mapping -> events: one row, or one run of rows with the same key, per event."""

import csv
from collections.abc import Iterator
from typing import BinaryIO

from producers.fields import names_of
from producers.mapping import Mapping, apply
from producers.readers.completion import complete
from producers.readers.csv_records import DELIMITERS, Feed, Record, records
from producers.readers.groups import Group, groups
from producers.readers.outcome import Fault, Origin, Outcome, Read, Reason


class CsvRows:
    """The events and faults of one CSV. The header is read when it is made."""

    def __init__(self, stream: BinaryIO, mapping: Mapping, origin: Origin) -> None:
        self._mapping = mapping
        self._origin = origin
        feed = Feed(stream)
        delimiter = mapping.delimiter or recognised(feed.first_line(), mapping.columns)
        self.recognised_delimiter = None if mapping.delimiter else delimiter
        """Set when the mapping declares none."""
        self._records = records(feed, delimiter)
        self._header = next(self._records, None)

    def __iter__(self) -> Iterator[Outcome]:
        names = [name.strip() for name in self._header.cells] if self._header else []
        if faults := list(_header_faults(self._header, names, self._mapping.columns)):
            yield from faults
            return
        for group in groups(self._records, names, self._mapping.group_by):
            if group.faults:
                yield from group.faults
            else:
                yield from self._outcomes(group)

    def _outcomes(self, group: Group) -> Iterator[Outcome]:
        mapped = apply(self._mapping, group.rows, self._origin)
        if mapped.problems:
            for found in mapped.problems:
                yield Fault(group.numbers[found.position], found.column, found.reason, found.hint)
            return
        outcome = complete(group.row, mapped.datum, self._origin, "csv")
        yield outcome if isinstance(outcome, Read) else self._in_words_of_the_file(outcome)

    def _in_words_of_the_file(self, fault: Fault) -> Fault:
        """A path of the record is named by the column that fills it, where one does."""
        column = self._mapping.column_of(names_of(fault.column)) if fault.column else None
        return Fault(fault.row, column or fault.column, fault.reason, fault.hint)


def recognised(header: str, wanted: frozenset[str]) -> str:
    """The delimiter by which the header shows most of the wanted columns: they decide, no statistics."""

    def shown(delimiter: str) -> int:
        return len(wanted & {name.strip() for name in next(csv.reader([header], delimiter=delimiter), [])})

    return max(DELIMITERS, key=shown)


def _header_faults(header: Record | None, names: list[str], wanted: frozenset[str]) -> Iterator[Fault]:
    if header is None or header.fault:
        reason = header.fault.reason if header and header.fault else Reason.NO_HEADER
        yield Fault(1, "", reason, "the first line must name the columns, in UTF-8")
        return
    for name in sorted(wanted - set(names)):
        yield Fault(1, name, Reason.MISSING_COLUMN, "the mapping needs this column")
    for name in sorted(name for name in wanted if names.count(name) > 1):
        yield Fault(1, name, Reason.REPEATED_COLUMN, "two columns have this name: which one is meant?")
