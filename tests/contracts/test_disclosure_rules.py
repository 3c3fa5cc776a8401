"""docs/deidentification.md shows the rules that are in force."""

import re

import pytest

from deploy import disclosure_rules
from schemas.records import ClassifiedEvent
from stream_processors.domain.deidentification.rules_applied import leaf_paths

TEXT = disclosure_rules.PAGE.read_text()


def rows(title: str) -> list[str]:
    """The rows of the table under a heading."""
    (section,) = re.findall(rf"^## {title}\n(.*?)(?=^## |\Z)", TEXT, re.DOTALL | re.MULTILINE)
    return [line for line in section.splitlines() if line.startswith("|")][2:]


def test_the_page_is_fresh() -> None:
    assert disclosure_rules.page(TEXT) == TEXT, "run `make render`"


def test_every_field_has_a_row_with_four_outputs() -> None:
    found = rows("Every field")
    assert [line.split("`")[1] for line in found] != []
    assert {line.split("`")[1] for line in found} == set(leaf_paths(ClassifiedEvent))
    assert {line.count(" | ") for line in found} == {4}
    assert all(line.endswith("| not released |") and line.count("not released") == 2 for line in found)


@pytest.mark.parametrize(
    ("title", "count"),
    [
        ("The 13 identifiers of a provider", 13),
        ("The 16 identifiers that a limited data set lacks", 16),
        ("The 18 identifiers of the safe harbor", 18),
    ],
)
def test_every_list_is_whole_and_what_no_field_holds_is_said(title: str, count: int) -> None:
    found = rows(title)
    assert len(found) == count
    for line in found:
        assert ("`event." in line) != ("| none: " in line), line


def test_a_page_without_its_marks_is_not_written_over() -> None:
    for mark in (disclosure_rules.BEGIN, disclosure_rules.END):
        with pytest.raises(ValueError):
            disclosure_rules.page(TEXT.replace(mark, ""))
