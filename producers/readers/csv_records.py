"""Lines -> CSV records of bounded size, each with its number and, where it is unreadable, the fault."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from producers.readers.lines import MAX_LINE_BYTES, Line, lines
from producers.readers.outcome import Fault, Reason

DELIMITERS = (",", ";", "\t", "|")

_HINTS = {
    Reason.TOO_LONG: f"more than {MAX_LINE_BYTES} bytes: is a quote left open?",
    Reason.DAMAGED_FILE: "the file ends or breaks here: get it again",
}
_BAD_UTF8 = "not UTF-8: export the file as CSV UTF-8"
_NUL = "a NUL character: no database holds it"
_MALFORMED = "quotes do not pair: a quote inside a quoted cell is written twice"


@dataclass(frozen=True, slots=True)
class Record:
    """A record of the file; the header is number 1. A faulty one may still have its cells."""

    number: int
    cells: list[str]
    fault: Fault | None = None


class _Flawed(Exception):
    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


class Feed(Iterator[str]):
    """Text lines for csv.reader, which may take several for one record, but no more than MAX_LINE_BYTES of them.

    Bytes that are no UTF-8 come through as lone surrogates, so that the cell that holds them can be named.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._lines = lines(stream)
        self._first: Line | None = next(self._lines, None)
        self._room = MAX_LINE_BYTES

    def first_line(self) -> str:
        return _text(self._first.data) if self._first else ""

    def begin_record(self) -> None:
        self._room = MAX_LINE_BYTES

    def __next__(self) -> str:
        line, self._first = self._first or next(self._lines), None
        if line.flaw:
            raise _Flawed(line.flaw)
        self._room -= len(line.data)
        if self._room < 0:
            raise _Flawed(Reason.TOO_LONG)
        return _text(line.data)


def records(feed: Feed, delimiter: str) -> Iterator[Record]:
    """Every record that is not blank. An unreadable one is a record with a fault, and the next one follows."""
    # csv has one limit per process, by default less than a narrative may hold.
    csv.field_size_limit(MAX_LINE_BYTES)
    reader = csv.reader(feed, delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        feed.begin_record()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except _Flawed as flawed:
            yield Record(number, [], Fault(number, "", flawed.reason, _HINTS[flawed.reason]))
        except csv.Error:
            yield Record(number, [], Fault(number, "", Reason.MALFORMED_ROW, _MALFORMED))
        else:
            if any(cells):
                yield Record(number, cells)


def cell_fault(number: int, names: list[str], cells: list[str]) -> Fault | None:
    """The first cell that no record can hold."""
    whole = "".join(cells)
    if "\0" not in whole and (whole.isascii() or _is_utf8(whole)):
        return None
    column, cell = next((n, c) for n, c in zip(names, cells, strict=True) if "\0" in c or not _is_utf8(c))
    if "\0" in cell:
        return Fault(number, column, Reason.CONTROL_CHARACTER, _NUL)
    return Fault(number, column, Reason.BAD_UTF8, _BAD_UTF8)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
