"""The page says what was measured, and why something was not."""

import pytest
from msgspec import structs

from tests.benchmarks.deid.contenders import Answer
from tests.benchmarks.deid.results import BEGINS, ENDS, Machine, Results, Row, Table, markdown, measured, put_into
from tests.benchmarks.deid.scoring import Leak, Score

SCORE = Score(100, 8, 0.995, 0.9, 0.125, 0.0, 0.75, None, 0.02, 0.01, {"DATE": Leak(4, 0), "NAME": Leak(4, 1)})


def page_of(*rows: Row) -> str:
    machine = Machine("A processor", 2, "3.11.7", "Linux", 0.5)
    return markdown(Results("python -m x", machine, 100, {"it": "1.0"}, [Table("some", "texts of somebody", list(rows))]))


def answer(cpu_seconds: float | None) -> Answer:
    return Answer({}, seconds=4.0, cpu_seconds=cpu_seconds, versions={})


def test_a_row_shows_percent_and_texts_per_second() -> None:
    assert "| it | 100 | 99.5 | 90.0 | 12.5 | 75.0 | 2.0 | - | 1.0 | 50 |" in page_of(measured("it", False, answer(2.0), SCORE))


def test_the_clock_counts_where_a_contender_counts_no_cpu_seconds_and_the_row_says_so() -> None:
    row = measured("it", False, answer(None), SCORE)
    assert row.per_second == 25
    assert "| 25 (clock) |" in page_of(row)


def test_leaks_are_shown_for_each_type_side_by_side() -> None:
    other = structs.replace(SCORE, leaks={"NAME": Leak(4, 4)})
    page = page_of(measured("it", False, answer(2.0), SCORE), measured("that", False, answer(2.0), other))
    assert "| type | identifiers | it | that |" in page
    assert "| DATE | 4 | 0.0 | - |\n| NAME | 4 | 25.0 | 100.0 |" in page


def test_leaks_of_other_texts_stand_not_beside_them() -> None:
    more = structs.replace(SCORE, texts=500)
    page = page_of(measured("it", False, answer(2.0), SCORE), measured("it all", False, answer(2.0), more))
    assert "| type | identifiers | it |\n" in page


def test_a_contender_without_an_answer_keeps_its_row_and_gets_a_reason() -> None:
    page = page_of(Row("it", False, 100, unavailable="not measured: pip ended with 1"))
    assert "| it | 100 | - | - | - | - | - | - | - | - |" in page
    assert "it: not measured: pip ended with 1." in page


def test_the_conditions_stand_above_the_tables() -> None:
    above = page_of(Row("it", False, 100)).partition("### some")[0]
    assert all(said in above for said in ("`python -m x`", "A processor, 2 cores", "Python 3.11.7", "load 0.5", "it 1.0"))


def test_a_block_is_put_between_its_markers_and_the_rest_stays() -> None:
    page = f"# Head\n\n{BEGINS}\nold\n{ENDS}\n\ntail\n"
    once = put_into(page, "new\n")
    assert once == f"# Head\n\n{BEGINS}\nnew\n{ENDS}\n\ntail\n"
    assert put_into(once, "new\n") == once


def test_a_page_without_markers_is_not_written() -> None:
    with pytest.raises(ValueError, match="markers"):
        put_into("# Head\n", "new\n")
