"""CSV files of the batch commands: columns by name, typed cells, faults with row and column and never a value."""

import csv
import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TextIO

import click

from schemas.spreadsheet import neutral
from stream_processors.cli import exit_codes
from stream_processors.cli.whole_file import whole_file
from stream_processors.domain.faults import Fault

TRUE, FALSE = frozenset({"1", "true", "t", "yes"}), frozenset({"0", "false", "f", "no"})
MISSING = frozenset({"", "NA", "NaN", "nan"})


FILE = click.Path(path_type=Path, dir_okay=False)
"""A file to read or to write; whether it is there is seen when it is opened."""


class UnusableFile(click.ClickException):
    """A file that is not there, without the columns that a command needs, or whose bytes are no CSV."""

    exit_code = exit_codes.FAILED


class Wrong(Exception):
    """A cell that is not what it must be."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number in the file, the header being row 1, and its cells by column."""

    number: int
    cells: dict[str, str]

    @property
    def place(self) -> str:
        """How a fault names this row."""
        return f"row {self.number}"

    def wrong(self, column: str, reason: str) -> Wrong:
        """A fault of one cell."""
        return Wrong(Fault(f"{self.place}, column {column}", reason))

    def text(self, column: str) -> str:
        """A name or an id, which must be there."""
        found = self.cells[column]
        if not found:
            raise self.wrong(column, "empty")
        return found

    def real(self, column: str) -> float:
        """A finite number."""
        number = self.real_or_missing(column)
        if math.isnan(number):
            raise self.wrong(column, "empty")
        return number

    def real_or_missing(self, column: str) -> float:
        """A finite number, or NaN where the cell is empty or absent."""
        found = self.cells.get(column, "")
        if found in MISSING:
            return math.nan
        try:
            number = float(found)
        except ValueError:
            number = math.inf
        if not math.isfinite(number):
            raise self.wrong(column, "not a number")
        return number

    def flag(self, column: str, default: bool) -> bool:
        """1 or 0, true or false, yes or no; the default where the cell is empty or absent."""
        found = self.cells.get(column, "").lower()
        if not found:
            return default
        if found not in TRUE | FALSE:
            raise self.wrong(column, "neither 1 nor 0")
        return found in TRUE

    def day(self, column: str) -> int:
        """A day as YYYY-MM-DD, as its proleptic Gregorian ordinal; or a whole number of days, as it is."""
        found = self.text(column)
        try:
            return int(found) if found.lstrip("-").isdecimal() else date.fromisoformat(found).toordinal()
        except ValueError:
            raise self.wrong(column, "neither a day as YYYY-MM-DD nor a whole number") from None


def rows(path: Path, needed: Sequence[str]) -> Iterator[Row]:
    """Every row of the file. Raises UnusableFile where a needed column is missing, or the file is no CSV in UTF-8."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            header = [name.strip() for name in next(reader, [])]
            missing = [name for name in needed if header.count(name) != 1]
            if missing:
                raise UnusableFile(f"{path.name}: there must be exactly one column {', '.join(missing)}")
            for number, cells in enumerate(reader, 2):
                if not cells:
                    continue
                if len(cells) != len(header):
                    raise UnusableFile(f"{path.name}: row {number}: {len(cells)} cells, the header has {len(header)}")
                yield Row(number, {name: cell.strip() for name, cell in zip(header, cells, strict=True)})
    except (csv.Error, UnicodeDecodeError):
        raise UnusableFile(f"{path.name}: no CSV in UTF-8, or a quote is left open") from None
    except OSError as error:
        raise UnusableFile(f"{path.name}: cannot be read ({error.strerror})") from None


def write(path: Path, header: Sequence[str], lines: Iterable[Sequence[object]]) -> None:
    """A whole table or none. Raises UnusableFile where it cannot be written."""
    with _written(path) as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow([neutral(name) for name in header])
        out.writerows([_cell(value) for value in line] for line in lines)


def write_text(path: Path, text: str) -> None:
    """A whole file or none. Raises UnusableFile where it cannot be written."""
    with _written(path) as file:
        file.write(text)


@contextmanager
def _written(path: Path) -> Iterator[TextIO]:
    try:
        with whole_file(path) as file:
            yield file
    except OSError as error:
        raise UnusableFile(f"{path.name}: cannot be written ({error.strerror})") from None


def _cell(value: object) -> object:
    match value:
        case bool():
            return int(value)
        case float() if math.isnan(value):
            return ""
        case float() | int():
            return value
        case str():
            return neutral(value)
        case _:
            return "" if value is None else neutral(str(value))
