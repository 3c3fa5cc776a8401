"""Mappings: columns and pick-lists become canonical fields; what a mapping changes is kept as it was written."""

from typing import Any

import pytest

from producers.mapping import Mapped
from producers.mapping_plan import apply
from producers.readers.outcome import Origin, Reason
from tests.unit.producers.mapping_texts import mapping

ORIGIN = Origin("prv-8f3k2m", "rl6-main")


def mapped(field: str, *cells: str, **more: str) -> Mapped:
    """One field from the column `C` of these rows."""
    return apply(mapping(f'column = "C"\n{field}', **more), [{"C": cell} for cell in cells], ORIGIN)


def value(datum: Any, path: str) -> Any:
    for name in path.split("."):
        datum = datum[int(name)] if name.isdigit() else datum[name]
    return datum


ONE_ROW = [
    # field, cell, where, what, remark
    ('to = "unit"', " ICU 4 ", "unit", "ICU 4", "blanks around are no part of a value"),
    ('to = "patient.sex"\nvalues = {F = "female"}', "F", "patient.sex", "female", "a pick-list"),
    ('to = "patient.sex"\nvalues = {f = "female"}\nignore_case = true', "F", "patient.sex", "female", "in any case"),
    ('to = "patient.sex"\nvalues = {F = "female"}\notherwise = "unknown"', "X", "patient.sex", "unknown", "a declared default"),
    ('to = "patient.sex"', "female", "patient.sex", "female", "the canonical code itself"),
    ('to = "patient.age_years"', "74", "patient.age_years", 74, "a number"),
    ('to = "reporter.anonymous"\nvalues = {Y = true, N = false}', "N", "reporter.anonymous", False, "yes or no"),
    ('to = "event_date"\ndate = "%m/%d/%Y"', "05/07/2024", "event_date", "2024-05-07", "the month first, as declared"),
    ('to = "event_date"\ndate = "%d/%m/%Y"', "05/07/2024", "event_date", "2024-07-05", "the day first, as declared"),
    ('to = "event_date"\ndate = ["%Y-%m-%d", "%m/%Y"]', "05/2024", "event_date", "2024-05", "no more precise than written"),
    ('to = "event_date"\ndate = "%Y"', "2024", "event_date", "2024", "a year"),
    ('to = "event_date"\ndate = "%m/%d/%Y %H:%M"', "05/07/2024 21:40", "event_date", "2024-05-07", "day of a moment"),
    ('to = "event_time"\ntime = "%m/%d/%Y %I:%M %p"', "05/07/2024 9:40 PM", "event_time", "21:40", "time of a moment"),
    (
        'to = "pses_entered_at"\ninstant = "%Y-%m-%dT%H:%M:%S%z"',
        "2024-05-17T09:03:00-0500", "pses_entered_at", "2024-05-17T14:03:00Z", "an instant in UTC",
    ),
    ('to = "categories[]"\nsplit = ";"', "fall; medication ;", "categories", ["fall", "medication"], "a split cell"),
    ('to = "contributing_factors[]"\nsplit = ";"', "a;b;a", "contributing_factors", ["a", "b"], "each once"),
    (
        'to = "medications[0].incorrect_actions[]"\nsplit = ","', "dose,route",
        "medications.0.incorrect_actions", ["dose", "route"], "a list in a list",
    ),
    ('to = "narratives[0].text"\nprefix = "Said: "', "it fell", "narratives.0.text", "Said: it fell", "words before"),
]  # fmt: skip


@pytest.mark.parametrize(("field", "cell", "where", "what"), [row[:4] for row in ONE_ROW], ids=[row[4] for row in ONE_ROW])
def test_a_cell_becomes_a_canonical_value(field: str, cell: str, where: str, what: object) -> None:
    found = mapped(field, cell)
    assert found.problems == []
    assert value(found.datum, where) == what


PROBLEMS = [
    # field, rows, position, reason, remark
    ('to = "patient.sex"\nvalues = {F = "female"}', ["X"], 0, Reason.UNMAPPED, "a value that no pick-list names"),
    ('to = "harm"', ["Zebulon"], 0, Reason.UNMAPPED, "no pick-list and no canonical code"),
    ('to = "patient.age_years"', ["seventy"], 0, Reason.INVALID, "a number in words"),
    ('to = "event_date"\ndate = "%m/%d/%Y"', ["17/05/2024"], 0, Reason.NO_SUCH_DATE, "no month 17"),
    ('to = "event_date"\ndate = "%m/%d/%Y"', ["02/30/2024"], 0, Reason.NO_SUCH_DATE, "no such day"),
    ('to = "unit"', ["ICU", "ED"], 0, Reason.ROWS_DISAGREE, "two rows, two units, one field"),
    ('to = "harm"', ["mild", "none", "grave"], 2, Reason.UNMAPPED, "the third row of a group"),
]


@pytest.mark.parametrize(
    ("field", "cells", "position", "reason"), [row[:4] for row in PROBLEMS], ids=[row[4] for row in PROBLEMS]
)
def test_a_cell_without_a_canonical_value_is_a_problem(field: str, cells: list[str], position: int, reason: Reason) -> None:
    (problem,) = mapped(field, *cells).problems
    assert (problem.column, problem.position, problem.reason) == ("C", position, reason)
    assert not any(cell in problem.hint for cell in cells)


SEVERAL_ROWS = [
    ('to = "unit"', ["ICU", "ICU", ""], "ICU", "rows that agree, an empty cell agreeing with all"),
    ('to = "unit"\ncombine = "first"', ["ICU", "ED"], "ICU", "the first"),
    ('to = "unit"\ncombine = "join"\nseparator = "+"', ["ICU", "ED", "ICU"], "ICU+ED", "all, each once"),
    ('to = "unit"\ncombine = "prefer"\nprefer = ["ED", "ICU"]', ["ICU", "ED", "OR"], "ED", "the most preferred"),
]


@pytest.mark.parametrize(("field", "cells", "what"), [row[:3] for row in SEVERAL_ROWS], ids=[row[3] for row in SEVERAL_ROWS])
def test_several_rows_come_to_one_value(field: str, cells: list[str], what: str) -> None:
    assert mapped(field, *cells).datum["unit"] == what


def test_rows_of_one_event_make_the_entries_of_a_list() -> None:
    fields = (
        'to = "medications[].brand_name"\ncolumn = "product"',
        'to = "medications[].dose"\ncolumn = "dose"',
        'to = "medications[].incorrect_actions[]"\ncolumn = "wrong"\nsplit = ","',
    )
    rows = [
        {"product": "A", "dose": "1 mg", "wrong": "dose,route"},
        {"product": "B", "dose": "", "wrong": ""},
        {"product": "A", "dose": "1 mg", "wrong": "dose,route"},
    ]
    found = apply(mapping(*fields), rows, ORIGIN)
    assert found.datum["medications"] == [
        {"brand_name": "A", "dose": "1 mg", "incorrect_actions": ["dose", "route"]},
        {"brand_name": "B"},
    ]


def test_only_what_the_mapping_changed_is_kept_as_written() -> None:
    fields = (
        'to = "harm"\ncolumn = "Severity"\nvalues = {C = "none"}\notherwise = "unknown"',
        'to = "unit"\ncolumn = "Unit"',
        'to = "patient.age_years"\ncolumn = "Age"',
        'to = "event_date"\ncolumn = "Date"\ndate = "%m/%d/%Y"',
        'to = "patient.sex"\ncolumn = "Sex"\nvalues = {F = "female"}\nkeep_original = false',
    )
    row = {"Severity": "F", "Unit": "ICU", "Age": "74", "Date": "05/07/2024", "Sex": "F"}
    found = apply(mapping(*fields), [row], ORIGIN).datum
    assert found["source"]["original"] == [
        {"field": "harm", "value": "F"},
        {"field": "event_date", "value": "05/07/2024"},
    ]
    assert (found["source"]["system"], found["source"]["mapping"]) == ("rl6-main", "small v1")


def test_constants_and_defaults_fill_what_is_there_and_make_no_empty_entries() -> None:
    constants = 'report_type = "incident"\n"narratives[0].kind" = "description"\n'
    constants += '"medications[].stage" = "unknown"\nfacility.state = "TX"'
    top = '[defaults]\nsetting = "home"\nunit = "ED"\n"patient.sex" = "unknown"'
    fields = (
        'to = "unit"\ncolumn = "Unit"',
        'to = "narratives[0].text"\ncolumn = "Words"',
        'to = "medications[].dose"\ncolumn = "Dose"',
    )
    small = mapping(*fields, top=top, constants=constants)
    empty = apply(small, [{"Unit": "", "Words": "", "Dose": ""}], ORIGIN).datum
    assert {name: empty[name] for name in empty if name != "source"} == {
        "report_type": "incident", "facility": {"state": "TX"}, "setting": "home", "unit": "ED",
    }  # fmt: skip
    full = apply(small, [{"Unit": "ICU", "Words": "it fell", "Dose": "1"}], ORIGIN).datum
    assert full["unit"] == "ICU"
    assert full["narratives"] == [{"text": "it fell", "kind": "description"}]
    assert full["medications"] == [{"dose": "1", "stage": "unknown"}]


def test_the_name_in_the_source_system_comes_first_among_the_external_ids() -> None:
    fields = ('to = "external_ids[].value"\ncolumn = "State no."', 'to = "external_ids[].system"\ncolumn = "State"')
    small = mapping(*fields, top='external_id = "Incident"')
    found = apply(small, [{"Incident": "INC 7", "State no.": "S-1", "State": "TX-state"}], ORIGIN).datum
    assert found["external_ids"] == [
        {"system": "rl6-main", "value": "INC 7"},
        {"value": "S-1", "system": "TX-state"},
    ]


def test_numbered_entries_that_are_equal_stay_two() -> None:
    fields = ('to = "medications[0].dose"\ncolumn = "A"', 'to = "medications[1].dose"\ncolumn = "B"')
    found = apply(mapping(*fields), [{"A": "1 mg", "B": "1 mg"}], ORIGIN)
    assert found.datum["medications"] == [{"dose": "1 mg"}, {"dose": "1 mg"}]
