"""Rows of a CSV file with the place of whatever is wrong in them. A message has line and column, never a value."""

import csv
import gzip
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import click

from stream_processors.cli import exit_codes


class UnreadableRow(click.ClickException):
    """A line, and perhaps a column, that is not of the expected form."""

    exit_code = exit_codes.FAILED

    def __init__(self, line: int, reason: str, column: str = "") -> None:
        super().__init__(f"line {line}{f', column {column}' if column else ''}: {reason}")


class Row:
    """The chosen columns of one row."""

    __slots__ = ("_columns", "_fields", "line")

    def __init__(self, line: int, columns: dict[str, int], fields: Sequence[str]) -> None:
        self.line = line
        self._columns = columns
        self._fields = fields

    def text(self, column: str) -> str:
        """The value as it stands, which may be empty."""
        return self._fields[self._columns[column]]

    def filled(self, column: str) -> str:
        """The value as it stands. Raises UnreadableRow where there is none."""
        text = self.text(column)
        if not text.strip():
            raise UnreadableRow(self.line, "empty", column)
        return text

    def whole(self, column: str) -> int:
        """A whole number, 0 or more. Raises UnreadableRow."""
        text = self.text(column).strip()
        if not (text.isascii() and text.isdigit() and len(text) <= 18):
            raise UnreadableRow(self.line, "no whole number of at most 18 digits", column)
        return int(text)


def rows(source: Path, columns: Sequence[str]) -> Iterator[Row]:
    """The rows one after another, empty lines left out. UTF-8 with or without a byte order mark, `.gz` is unpacked.

    Raises UnreadableRow at the first line that is no CSV or has another number of columns than the first, and before any
    row where one of `columns` is missing or stands there twice.
    """
    with _opened(source) as file:
        records = _records(file)
        line, header = next(records, (1, []))
        places = _places(line, header, columns)
        for line, fields in records:
            if len(fields) != len(header):
                raise UnreadableRow(line, f"{len(fields)} columns where the first line has {len(header)}")
            yield Row(line, places, fields)


def _opened(source: Path) -> BinaryIO:
    return gzip.open(source) if source.suffix == ".gz" else source.open("rb")  # type: ignore[return-value]


def _lines(file: BinaryIO) -> Iterator[str]:
    line = 1
    try:
        for line, octets in enumerate(file, 1):
            yield octets.decode("utf-8-sig" if line == 1 else "utf-8")
    except UnicodeDecodeError:
        raise UnreadableRow(line, "not UTF-8") from None
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise UnreadableRow(line, "the compressed file is damaged or ends too early") from None


def _records(file: BinaryIO) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line in which it begins; a quoted value may go over several."""
    reader, line = csv.reader(_lines(file), strict=True), 1
    try:
        for fields in reader:
            if fields:
                yield line, fields
            line = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableRow(line, f"no CSV ({error})") from None


def _places(line: int, header: Sequence[str], columns: Sequence[str]) -> dict[str, int]:
    for column in columns:
        if header.count(column) != 1:
            raise UnreadableRow(line, "is not in the first line" if column not in header else "stands there twice", column)
    return {column: header.index(column) for column in columns}
