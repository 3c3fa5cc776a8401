"""The mapping language beyond one cell, one value: crosswalks, parts of cells, rows that answer one question, quantities."""

from typing import Any

import pytest

from producers.failure import Failure
from producers.mapping import Mapped
from producers.mapping_file import load_mapping, parse_mapping
from producers.mapping_plan import apply
from producers.readers.outcome import Origin, Reason
from tests.unit.producers.mapping_texts import mapping, mapping_text

ORIGIN = Origin("prv-8f3k2m", "rl6-main")


def mapped(field: str, *cells: str) -> Mapped:
    """One field from the column `C` of these rows."""
    return apply(mapping(f'column = "C"\n{field}'), [{"C": cell} for cell in cells], ORIGIN)


HARMS = [
    # scale, cell, harm, scale of the record, remark
    ("ncc_merp", "C", "none", "ncc_merp", "one letter, one level"),
    ("ncc_merp", "category i", "death", "ncc_merp", "another spelling, another case"),
    ("ncc_merp", "H", "unknown", "ncc_merp", "four levels could be meant"),
    ("ahrq_1_1", "temporary harm", "unknown", "ahrq_1_1", "V1.1 says how long, not how much"),
    ("lfpse_physical", "1", "death", "lfpse_physical", "one is worst"),
    ("lfpse_physical", "Fatal", "death", "lfpse_physical", "the label for the number"),
    ("nrls", "Low", "unknown", "nrls", "low harm held observation alone too"),
    ("sac_va", "potential", "unknown", "sac", "what could have been is no harm that was"),
    ("hpi_sec", "SSE-1", "death", "other", "a scale that the record has no name for"),
]


@pytest.mark.parametrize(("scale", "cell", "harm", "named"), [row[:4] for row in HARMS], ids=[row[4] for row in HARMS])
def test_a_crosswalk_gives_one_code_or_none_and_always_keeps_the_value(scale: str, cell: str, harm: str, named: str) -> None:
    datum = mapped(f'to = "harm"\ncrosswalk = "harm/{scale}"', cell).datum
    assert (datum["harm"], datum["harm_original"], datum["harm_scale"]) == (harm, cell, named)
    assert datum["source"]["mapping"] == f"small v1, {scale}/1"
    assert {"field": "harm", "value": cell} in datum["source"]["original"]


def test_a_value_that_is_not_on_the_scale_is_unmapped_unless_declared() -> None:
    field = 'to = "harm"\ncrosswalk = "harm/nrls"'
    assert {problem.reason for problem in mapped(field, "grave").problems} == {Reason.UNMAPPED}
    assert mapped(f'{field}\notherwise = "unknown"', "grave").datum["harm_original"] == "grave"


def test_a_category_of_several_codes_stays_out_and_its_value_stays() -> None:
    datum = mapped('to = "categories[]"\ncrosswalk = "category/ahrq_1_2"\nsplit = ","', "A48, A63").datum
    assert datum["categories"] == ["fall"]
    assert {"field": "categories[]", "value": "A63"} in datum["source"]["original"]


PARTS = [
    ('to = "unit"\nbefore = " - "', "ICU - 4th floor", "ICU", "what stands before"),
    ('to = "unit"\nbefore = " - "', "ICU", "ICU", "no separator: all of it"),
    ('to = "unit"\nafter = " - "', "ICU - 4th floor", "4th floor", "what stands behind"),
    ('to = "unit"\nafter = " - "', "ICU", None, "no such part"),
    ('to = "unit"\nafter = "("\nbefore = ")"', "Ward (6N) east", "6N", "between"),
    ('to = "patient.age_years"\nunits = {y = 1, mo = 12}', "30 mo", 2, "months, in whole years"),
    ('to = "patient.age_years"\nunits = {y = 1}', "74", 74, "no unit"),
    ('to = "medications[0].dose"\ndecimal = ","', "1.000,5 mg", "1000.5 mg", "a German quantity"),
    ('to = "medications[0].dose"\ndecimal = "."', "1,000 mg", "1000 mg", "an American one"),
    ('to = "medications[0].dose"\ndecimal = ","', "two drops", "two drops", "no number"),
    ('to = "medications[0].dose"\nunits = {mg = 1}', "5 MG", "5", "a unit left out"),
]


@pytest.mark.parametrize(("field", "cell", "what"), [row[:3] for row in PARTS], ids=[row[3] for row in PARTS])
def test_a_part_or_a_quantity_of_a_cell_is_taken(field: str, cell: str, what: object) -> None:
    found: Any = mapped(field, cell)
    assert found.problems == []
    for name in field.split('"')[1].replace("[0]", "").split("."):
        found = (found.datum if isinstance(found, Mapped) else found).get(name)
        found = found[0] if isinstance(found, list) else found
    assert found == what


def test_a_quantity_in_an_undeclared_unit_is_a_fault() -> None:
    (problem,) = mapped('to = "patient.age_years"\nunits = {y = 1}', "30 mo").problems
    assert problem.reason is Reason.INVALID


def test_rows_that_answer_one_question_each_make_one_event() -> None:
    fields = (
        'to = "harm"\ncolumn = "Answer"\nwhere = {Question = "Degree of harm"}\ncrosswalk = "harm/nrls"',
        'to = "event_date"\ncolumn = "Answer"\nwhere = {Question = "Date"}\ndate = "%d/%m/%Y"',
    )
    rows = [{"Question": "Date", "Answer": "16/05/2024"}, {"Question": "Degree of harm", "Answer": "Death"}]
    small = mapping(*fields)
    assert small.columns == {"Question", "Answer"}
    datum = apply(small, rows, ORIGIN).datum
    assert (datum["harm"], datum["event_date"]) == ("death", "2024-05-16")


MISTAKES = [
    ('to = "harm"\ncolumn = "C"\ncrosswalk = "harm/nlrs"', "crosswalk: no such crosswalk; shipped are harm/", "misspelt"),
    ('to = "unit"\ncolumn = "C"\ncrosswalk = "harm/nrls"', "crosswalk: fills harm only", "the wrong field"),
    ('to = "harm"\ncolumn = "C"\nvalues = {}\ncrosswalk = "harm/nrls"', "values and crosswalk: only one", "two ways"),
    ('to = "unit"\ncolumn = "C"\nafter = ""', "after: must be the separator", "nothing to cut at"),
    ('to = "unit"\ncolumn = "C"\ndecimal = ";"', "Invalid enum value", "no decimal mark"),
    ('to = "patient.age_years"\ncolumn = "C"\nunits = {mo = 0}', "units: how many of this unit", "a division by nothing"),
]


@pytest.mark.parametrize(("field", "told"), [row[:2] for row in MISTAKES], ids=[row[2] for row in MISTAKES])
def test_a_mistake_is_named(field: str, told: str) -> None:
    with pytest.raises(Failure) as failed:
        parse_mapping(mapping_text(field), "mine.toml")
    assert told in str(failed.value)


def test_the_example_of_the_older_common_formats_leaves_open_what_they_leave_open() -> None:
    row = {"DE2": "7", "DE3": "A3", "DE21": "A48~A63", "Harm": "Temporary harm", "DE9": "05/16/2024", "DE15": "It fell."}
    datum = apply(load_mapping("example-ahrq-1-1"), [row], ORIGIN).datum
    assert (datum["report_type"], datum["categories"], datum["event_date"]) == ("incident", ["fall"], "2024-05-16")
    assert (datum["harm"], datum["harm_original"], datum["harm_scale"]) == ("unknown", "Temporary harm", "ahrq_1_1")
    assert {"field": "categories[]", "value": "A63"} in datum["source"]["original"]
    assert datum["source"]["mapping"] == "example-ahrq-1-1 v1, ahrq_1_2/1, ahrq_1_1/1"
