"""Common Formats DSV -> events: delimiter-separated values, one answer a row.

    PSOID|P0042
    ProviderID|prv-8f3k2m
    Event|DataElement|Answer|AdditionalInfo
    1|DE3|A3|
    1|DE21|A66|wheelchair

The shape is that of the PSOPPC's data submission guide; the guide's own table was not at hand, so the names are ours.
Rows with the same `Event` are one event and stand together; its lasting id is the answer to DE2.
"""

from collections.abc import Iterator
from typing import BinaryIO

from producers.mapping import Mapping
from producers.readers.answers import WORDS, Answer, answer_rows
from producers.readers.csv_records import Feed, Record, in_encoding, records
from producers.readers.csv_rows import recognised
from producers.readers.encodings import Encoding, as_utf8
from producers.readers.groups import Group, groups
from producers.readers.mapped_rows import MappedRows
from producers.readers.outcome import Fault, Origin, Outcome, Reason

_KEY, _ELEMENT, _ANSWER = "Event", "DataElement", "Answer"
COLUMNS = (_KEY, _ELEMENT, _ANSWER, WORDS)
_HEADER = frozenset({"PSOID", "ProviderID"})
_MISMATCH = "the header names another provider than PSO_PRODUCE_PROVIDER"


class CommonFormatsDsv:
    """The events and faults of one file. Its first line is read when it is made."""

    def __init__(self, stream: BinaryIO, mapping: Mapping, origin: Origin, encoding: Encoding = Encoding.UTF_8) -> None:
        self._mapping = mapping
        self._mapped = MappedRows(mapping, origin, "cf-dsv")
        self._origin = origin
        self._encoding = encoding
        feed = Feed(as_utf8(stream, encoding))
        self.recognised_delimiter = mapping.delimiter or recognised(feed.first_line(), _HEADER | {_KEY, _ELEMENT})
        self._records = records(feed, self.recognised_delimiter)

    def __iter__(self) -> Iterator[Outcome]:
        for header in self._records:
            if fault := self._header_fault(header):
                yield fault
                return
            if names := _columns(header):
                for group in groups(self._records, names, _KEY):
                    yield from self._outcomes(group)
                return
        yield Fault(1, "", Reason.NO_HEADER, "a row must name the columns " + ", ".join(COLUMNS))

    def _header_fault(self, header: Record) -> Fault | None:
        if header.fault:
            return header.fault
        name, value, *_ = [*(cell.strip() for cell in header.cells), ""]
        if name == "ProviderID" and value != self._origin.provider:
            return Fault(header.number, name, Reason.PROVIDER_MISMATCH, _MISMATCH)
        return None

    def _outcomes(self, group: Group) -> Iterator[Outcome]:
        if group.faults:
            yield from (in_encoding(fault, self._encoding) for fault in group.faults)
            return
        answers = [Answer(row[_ELEMENT].strip(), row[_ANSWER].strip(), row[WORDS].strip()) for row in group.rows]
        rows = answer_rows(answers, self._mapping)
        yield from self._mapped.outcomes(rows, group.numbers)


def _columns(header: Record) -> list[str]:
    """The names, where this row is the one that names the columns."""
    names = [cell.strip() for cell in header.cells]
    return names if all(names.count(name) == 1 for name in COLUMNS) else []
