"""Only a table that is whole and adds up may be published; of any other a fault says where and why, and never a count."""

import pytest

from stream_processors.domain.publication.count_tables import GivenCell, as_tables

WHOLE = """a x 11
a y 22
a * 33
b x 44
b y 0
b * 44
* x 55
* y 22
* * 77"""


def given(text: str, table_id: str = "t", first: int = 2) -> list[GivenCell]:
    """A row for each line: row, column, layer where there are four words, count."""
    cells = []
    for line, words in enumerate((text.split() for text in text.splitlines()), first):
        row, column, *layer, count = words
        cells.append(GivenCell(line, table_id, (row, column, layer[0] if layer else ""), count.replace("-", "")))
    return cells


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("b y 0", "b y 1", "line 7, table t: the total is not the sum of its cells"),  # three totals are wrong
        ("a x 11", "a x 11.5", "line 2, table t: the count is no whole number from 0"),
        ("a x 11", "a x ٣", "line 2, table t: the count is no whole number from 0"),  # a digit, but not one of ours
        ("a x 11", "a x -", "line 2, table t: the count is no whole number from 0"),
        ("a x 11", "a x 1234567890123456", "line 2, table t: the count is too large"),
        ("b y 0", "a x 11", "line 6, table t: the cell was given in line 2 already"),
        ("b y 0\n", "", "line 2, table t: the table lacks the cell b, y"),
        ("* * 77", "* * all 77", "line 10, table t: some cells of the table have a layer and some have none"),
    ],
)
def test_what_is_no_table_is_named_by_line_and_reason(before: str, after: str, said: str) -> None:
    tables, faults = as_tables(given(WHOLE.replace(before, after)))
    assert tables == []
    assert said in map(str, faults)
    assert "77" not in "".join(map(str, faults))


def test_a_faulty_table_does_not_keep_the_others_back() -> None:
    cells = given(WHOLE) + given(WHOLE.replace("b y 0", "b y 1"), "u", 12) + given("* * 5", "v", 30)
    tables, faults = as_tables(cells)
    assert [table.table_id for table in tables] == ["t"]
    assert {fault.place.rpartition(" ")[2] for fault in faults} == {"u", "v"}


def test_a_table_of_three_ways_has_a_sum_for_every_line_along_every_axis() -> None:
    cells = [line.split() for line in WHOLE.splitlines()]
    layers = (("m", 1), ("n", 2), ("*", 3))
    three = [f"{row} {column} {layer} {int(count) * by}" for layer, by in layers for row, column, count in cells]
    (table,), faults = as_tables(given("\n".join(three)))
    assert faults == []
    assert table.ways == 3
    assert len(list(table.sums())) == 27
