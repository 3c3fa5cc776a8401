"""What a spreadsheet would evaluate leaves behind an apostrophe, and nothing else changes."""

import csv
from pathlib import Path

import pytest

from schemas.spreadsheet import neutral
from stream_processors.cli.count_files import write_published
from stream_processors.cli.csv_tables import write

CELLS = [
    ('=HYPERLINK("http://x")', True, "a formula"),
    ("+1+1", True, "a sum"),
    ("-2+3", True, "a difference"),
    ("--1", True, "two signs"),
    ("@SUM(A1)", True, "as Lotus wrote it"),
    ("\t=1", True, "behind a tabulator"),
    ("\r=1", True, "behind a carriage return"),
    ("-", True, "a sign alone"),
    ("-inf", True, "a word behind a sign"),
    ("-12.5", False, "a number"),
    ("+7", False, "a number with its sign"),
    ("a=b", False, "a sign inside"),
    ("", False, "nothing"),
]


@pytest.mark.parametrize(("text", "changed"), [row[:2] for row in CELLS], ids=[row[2] for row in CELLS])
def test_only_what_would_be_evaluated_is_marked(text: str, changed: bool) -> None:
    assert neutral(text) == (f"'{text}" if changed else text)


def test_every_table_that_pso_writes_is_neutral(tmp_path: Path) -> None:
    table, counts = tmp_path / "table.csv", tmp_path / "counts.csv"
    write(table, ["drug", "score"], [("=1+1", -2.5), ("@x", None)])
    write_published(counts, [("=t", "r", "c", "", "12")])
    assert table.read_text() == "drug,score\n'=1+1,-2.5\n'@x,\n"
    assert list(csv.reader(counts.read_text().splitlines()))[1] == ["'=t", "r", "c", "", "12"]
