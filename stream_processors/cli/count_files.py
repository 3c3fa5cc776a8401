"""Files of count tables: read with their lines, written whole or not at all."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from schemas.spreadsheet import neutral
from stream_processors.cli import exit_codes
from stream_processors.cli.whole_file import whole_file
from stream_processors.domain.publication.count_tables import GivenCell

COLUMNS = ("table_id", "row", "col", "layer", "count")
PUBLISHED = ("table_id", "row", "col", "layer", "published")


class UnreadableTables(click.ClickException):
    """The file is no file of count tables: its line and the reason."""

    exit_code = exit_codes.FAILED


def read_cells(source: Path) -> list[GivenCell]:
    """Every cell of the file. Raises UnreadableTables where it has other columns or is no CSV."""
    cells: list[GivenCell] = []
    line = 1
    try:
        with source.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file, strict=True)
            header = next(rows, [])
            if sorted(header) not in (sorted(COLUMNS), sorted(set(COLUMNS) - {"layer"})):
                raise UnreadableTables(f"line 1: the columns must be {','.join(COLUMNS)}")
            for fields in rows:
                line = rows.line_num
                if fields:
                    cells.append(_cell(line, header, fields))
    except (UnicodeDecodeError, csv.Error):
        raise UnreadableTables(f"after line {line}: this is no CSV in UTF-8") from None
    return cells


def _cell(line: int, header: Sequence[str], fields: Sequence[str]) -> GivenCell:
    named = dict(zip(header, fields, strict=False))
    if not named["table_id"]:
        raise UnreadableTables(f"line {line}: the cell belongs to no table")
    whole = len(fields) == len(header)  # else the count is left out: a shifted row may not pass for a small count
    place = (named.get("row", ""), named.get("col", ""), named.get("layer", ""))
    return GivenCell(line, named["table_id"], place, named.get("count", "") if whole else "")


def write_published(target: Path, rows: Iterable[Sequence[str]]) -> None:
    """Every row in the order given, whole or not at all."""
    with whole_file(target) as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(PUBLISHED)
        out.writerows([neutral(cell) for cell in row] for row in rows)
