"""docs/law.md has a row for every paragraph that the software builds on, and what its rows name is there."""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "law.md").read_text()
BUILT_ON = sorted(
    path for folder in ("stream_processors", "producers", "schemas", "deploy") for path in (ROOT / folder).rglob("*.py")
)

_SECTIONS = r"3\.(?:20|102|104|106|108|110|112|204|206|208|210|212)|160\.\d{3}|164\.5\d{2}|299b-2\d"
_CITED = re.compile(rf"(?<![\d.])((?:{_SECTIONS})(?!\d)(?:\([A-Za-z0-9]+\))*)")


def rows() -> list[list[str]]:
    """The rows of the tables of paragraphs: paragraph, demand, place, test, how its text was checked."""
    cells = [line.strip("|").split(" | ") for line in PAGE.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in row] for row in cells if len(row) == 5 and row[0].strip() != "paragraph"]


def stated() -> set[str]:
    """The paragraphs that have a row."""
    return {cited for row in rows() for cited in _CITED.findall(row[0])}


def above(paragraph: str) -> Iterator[str]:
    """The paragraph, and those that it is part of; no whole section, which would be the row of everything in it."""
    yield paragraph
    while (paragraph := paragraph.rpartition("(")[0]).count("("):
        yield paragraph


def test_every_paragraph_that_the_code_names_has_its_row() -> None:
    known = stated()
    named = {(cited, path.name) for path in BUILT_ON for cited in _CITED.findall(path.read_text())}
    assert sorted(where for where in named if known.isdisjoint(above(where[0]))) == []
    assert len(named) > 100


def test_every_row_says_how_its_text_was_checked_and_by_which_copy() -> None:
    copies = set(re.findall(r"^\| (S\d+) \|", PAGE, re.MULTILINE))
    for row in rows():
        assert all(row), row
        assert re.search(r"\b(read|statute|told|order|says no number)\b", row[4]), row
        assert set(re.findall(r"\bS\d+\b", row[4])) <= copies, row
    assert len(rows()) > 40


def test_every_file_that_a_row_names_is_there() -> None:
    for name in re.findall(r"`((?:stream_processors|producers|schemas|tests)/[^`]*)`", PAGE):
        assert (ROOT / name).exists(), name


def test_a_paragraph_is_part_of_those_above_it_and_of_no_section() -> None:
    assert list(above("3.212(a)(2)(i)")) == ["3.212(a)(2)(i)", "3.212(a)(2)", "3.212(a)"]
    assert list(above("3.212")) == ["3.212"]
