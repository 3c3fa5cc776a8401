"""Lines -> CSV records of bounded size, each with its number and, where it is unreadable, the fault."""

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO, NamedTuple

from producers.readers.encodings import Encoding
from producers.readers.lines import EXPANDS_TOO_FAR, MAX_LINE_BYTES, Line, lines
from producers.readers.outcome import Fault, Reason

DELIMITERS = (",", ";", "\t", "|")

_HINTS = {
    Reason.TOO_LONG: f"a line of more than {MAX_LINE_BYTES} bytes",
    Reason.DAMAGED_FILE: "the file ends or breaks here: get it again",
    Reason.EXPANDS_TOO_FAR: EXPANDS_TOO_FAR,
}
_BAD_UTF8 = "not UTF-8: export the file as CSV UTF-8, or give --encoding"
_UNEXPECTED_END = "unexpected end of data"
"""What csv says of a quote that is open at the end of the file."""
_NUL = "a NUL character: no database holds it"
_MALFORMED = "quotes do not pair: a quote inside a quoted cell is written twice"
_OPEN_QUOTE = "a quote opens in this row and is not closed: the rows after it are read without it"


class Record(NamedTuple):
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
        first = next(self._lines, None)
        self._ahead: deque[Line] = deque([] if first is None else [first])
        self._taken: list[Line] = []
        self._room = MAX_LINE_BYTES

    def first_line(self) -> str:
        return _text(self._ahead[0].data) if self._ahead else ""

    def begin_record(self) -> None:
        self._taken.clear()
        self._room = MAX_LINE_BYTES

    def __next__(self) -> str:
        line = self._ahead.popleft() if self._ahead else next(self._lines)
        self._taken.append(line)
        if line.flaw:
            raise _Flawed(line.flaw)
        self._room -= len(line.data)
        if self._room < 0:
            raise _Flawed(Reason.TOO_LONG)
        return _text(line.data)

    def gives_back(self) -> bool:
        """Only the first line of the record stays taken; the others come again. True when there were others.

        A line that a quote goes through has an even number of quotes and so opens none when it is read by itself: no file
        is read many times over.
        """
        others = self._taken[1:]
        self._ahead.extendleft(reversed(others))
        return bool(others)


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
        except (_Flawed, csv.Error) as error:
            yield Record(number, [], _unreadable(number, feed, error))
        else:
            if any(cells):
                yield Record(number, cells)


def _unreadable(number: int, feed: Feed, error: Exception) -> Fault:
    """Rows that a quote left open would swallow are given back to be read by themselves."""
    if feed.gives_back() or str(error) == _UNEXPECTED_END:
        return Fault(number, "", Reason.OPEN_QUOTE, _OPEN_QUOTE)
    if isinstance(error, _Flawed):
        return Fault(number, "", error.reason, _HINTS[error.reason])
    return Fault(number, "", Reason.MALFORMED_ROW, _MALFORMED)


def cell_fault(number: int, names: list[str], cells: list[str]) -> Fault | None:
    """The first cell that no record can hold."""
    whole = "".join(cells)
    if "\0" not in whole and (whole.isascii() or _is_utf8(whole)):
        return None
    column, cell = next((n, c) for n, c in zip(names, cells, strict=True) if "\0" in c or not _is_utf8(c))
    if "\0" in cell:
        return Fault(number, column, Reason.CONTROL_CHARACTER, _NUL)
    return Fault(number, column, Reason.BAD_UTF8, _BAD_UTF8)


def in_encoding(fault: Fault, encoding: Encoding) -> Fault:
    """Every encoding is read as UTF-8; the fault names the one that the file is in."""
    if fault.reason is not Reason.BAD_UTF8 or encoding is Encoding.UTF_8:
        return fault
    return replace(fault, reason=Reason.BAD_ENCODING, hint=f"bytes that mean nothing in {encoding}")


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
