"""CSV with a mapping -> events, whatever its delimiter and encoding."""

import csv
from collections.abc import Iterator
from typing import BinaryIO

from producers.mapping import Mapping
from producers.readers.csv_records import DELIMITERS, Feed, in_encoding, records
from producers.readers.encodings import Encoding, as_utf8
from producers.readers.outcome import Fault, Origin, Outcome
from producers.readers.table import read_table


class CsvRows:
    """The events and faults of one CSV. Its first line is read when it is made."""

    def __init__(self, stream: BinaryIO, mapping: Mapping, origin: Origin, encoding: Encoding = Encoding.UTF_8) -> None:
        self._encoding = encoding
        feed = Feed(as_utf8(stream, encoding))
        delimiter = mapping.delimiter or recognised(feed.first_line(), mapping.columns)
        self.recognised_delimiter = None if mapping.delimiter else delimiter
        """Set when the mapping declares none."""
        self._outcomes = read_table(records(feed, delimiter), mapping, origin, "csv")

    def __iter__(self) -> Iterator[Outcome]:
        if self._encoding is Encoding.UTF_8:
            return self._outcomes
        return (in_encoding(found, self._encoding) if isinstance(found, Fault) else found for found in self._outcomes)


def recognised(header: str, wanted: frozenset[str]) -> str:
    """The delimiter by which the header shows most of the wanted columns: they decide, no statistics."""

    def shown(delimiter: str) -> int:
        try:
            return len(wanted & {name.strip() for name in next(csv.reader([header], delimiter=delimiter), [])})
        except csv.Error:  # a cell longer than csv takes: `records` tells it
            return 0

    return max(DELIMITERS, key=shown)
