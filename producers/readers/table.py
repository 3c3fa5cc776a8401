"""Records of which the first names the columns, with a mapping -> events: one row, or one run of rows, per event."""

from collections.abc import Iterator

from producers.mapping import Mapping
from producers.readers.csv_records import Record
from producers.readers.groups import groups
from producers.readers.mapped_rows import MappedRows
from producers.readers.outcome import Fault, Origin, Outcome, Reason


def read_table(records: Iterator[Record], mapping: Mapping, origin: Origin, source_format: str) -> Iterator[Outcome]:
    """Every event or fault; without the columns that the mapping needs only the faults of the header."""
    header = next(records, None)
    names = [name.strip() for name in header.cells] if header else []
    if faults := list(_header_faults(header, names, mapping.columns)):
        yield from faults
        return
    mapped = MappedRows(mapping, origin, source_format)
    for group in groups(records, names, mapping.group_by):
        if group.faults:
            yield from group.faults
        else:
            yield from mapped.outcomes(group.rows, group.numbers)


def _header_faults(header: Record | None, names: list[str], wanted: frozenset[str]) -> Iterator[Fault]:
    if header is None:
        yield Fault(1, "", Reason.NO_HEADER, "the first row must name the columns")
        return
    if header.fault:
        yield Fault(header.number, "", header.fault.reason, "the first row must name the columns")
        return
    for name in sorted(wanted - set(names)):
        yield Fault(header.number, name, Reason.MISSING_COLUMN, "the mapping needs this column")
    for name in sorted(name for name in wanted if names.count(name) > 1):
        yield Fault(header.number, name, Reason.REPEATED_COLUMN, "two columns have this name: which one is meant?")
