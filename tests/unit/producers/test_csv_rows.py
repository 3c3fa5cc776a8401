"""CSV: every row, or run of rows, comes out as an event or as faults; a torn group never goes out in part."""

import io
from typing import Any

import pytest

from producers.mapping import Mapping
from producers.mapping_file import load_mapping
from producers.readers.csv_rows import CsvRows
from producers.readers.lines import MAX_LINE_BYTES
from producers.readers.outcome import Fault, Origin, Outcome, Read, Reason
from schemas.records import SafetyEvent
from tests.unit.producers.mapping_texts import mapping

ORIGIN = Origin("prv-8f3k2m", "rl6-main")
FIELDS = ('to = "event_id"\ncolumn = "id"', 'to = "unit"\ncolumn = "unit"', 'to = "harm"\ncolumn = "harm"')
PLAIN = mapping(*FIELDS)
GROUPED = mapping('to = "event_id"\ncolumn = "id"', 'to = "contributing_factors[]"\ncolumn = "unit"', top='group_by = "id"')


def read(text: str | bytes, by: Mapping = PLAIN) -> list[Outcome]:
    data = text if isinstance(text, bytes) else text.encode()
    return list(CsvRows(io.BytesIO(data), by, ORIGIN))


def events(text: str | bytes, by: Mapping = PLAIN) -> list[SafetyEvent]:
    outcomes = read(text, by)
    assert not [outcome for outcome in outcomes if isinstance(outcome, Fault)]
    return [outcome.event for outcome in outcomes if isinstance(outcome, Read)]


def told(outcomes: list[Outcome]) -> list[tuple[Any, ...]]:
    return [(o.row, o.column, o.reason) if isinstance(o, Fault) else (o.row, o.event.event_id) for o in outcomes]


READABLE = [
    ("id,unit,harm\n1,ICU,mild\n", "as exported"),
    ("\ufeffid,unit,harm\r\n1,ICU,mild\r\n", "with a byte order mark, from Windows"),
    ("id,unit,harm\n1,ICU,mild", "without a last line end"),
    ("id;unit;harm\n1;ICU;mild\n", "semicolons"),
    ("id\tunit\tharm\n1\tICU\tmild\n", "tabulators"),
    ("id|unit|harm\n1|ICU|mild\n", "bars"),
    ("harm,more,unit,id\nmild,x,ICU,1\n", "in another order, with columns that nobody asked for"),
    ('" id ","unit","harm"\n"1"," ICU ","mild"\n', "quoted, with blanks"),
    ("id,unit,harm\n\n1,ICU,mild\n,,\n", "with blank rows"),
    ("id,unit,harm\n1,ICU,mild,,\n", "with empty cells too many"),
]


@pytest.mark.parametrize("text", [row[0] for row in READABLE], ids=[row[1] for row in READABLE])
def test_files_of_all_habits_are_read(text: str) -> None:
    (event,) = events(text)
    assert (event.event_id, event.unit, event.harm) == ("1", "ICU", "mild")
    assert event.source is not None
    assert (event.source.format, event.source.mapping) == ("csv", "small v1")


def test_a_recognised_delimiter_is_reported_and_a_declared_one_obeyed() -> None:
    assert CsvRows(io.BytesIO(b"id;unit,x;harm\n"), PLAIN, ORIGIN).recognised_delimiter == ";"
    declared = mapping(*FIELDS, top='delimiter = ","')
    assert CsvRows(io.BytesIO(b"id,unit,harm\n"), declared, ORIGIN).recognised_delimiter is None
    assert told(read("id;unit;harm\n1;ICU;mild\n", declared))[0] == (1, "harm", Reason.MISSING_COLUMN)


def test_a_quoted_cell_may_hold_line_ends_delimiters_and_quotes() -> None:
    first, second = events('id,unit,harm\n1,"a, ""b""\nc",mild\n2,d,none\n')
    assert first.unit == 'a, "b"\nc'
    assert second.event_id == "2"


def test_a_cell_may_be_as_long_as_a_narrative() -> None:
    words = mapping('to = "event_id"\ncolumn = "id"', 'to = "narratives[0].text"\ncolumn = "words"\n',
                    constants='report_type = "incident"\n"narratives[0].kind" = "description"')  # fmt: skip
    (event,) = events("id,words\n1," + "w" * 200_000 + "\n", words)
    assert len(event.narratives[0].text) == 200_000


FAULTY = [
    # rows after the header, faults and what follows, remark
    ('1,"ICU"x,mild\n2,a,none\n', [(2, "", Reason.MALFORMED_ROW), (3, "2")], "something after a closing quote"),
    ('1,a,none\n2,"ICU,mild\n', [(2, "1"), (3, "", Reason.OPEN_QUOTE)], "a quote left open to the end"),
    ("1,ICU\n2,a,none\n", [(2, "", Reason.WRONG_NUMBER_OF_COLUMNS), (3, "2")], "a cell too few"),
    ("1,ICU,mild,more\n2,a,none\n", [(2, "", Reason.WRONG_NUMBER_OF_COLUMNS), (3, "2")], "a cell too many"),
    ("1,I\0U,mild\n2,a,none\n", [(2, "unit", Reason.CONTROL_CHARACTER), (3, "2")], "a NUL"),
    (b"1,I\xff\xfeU,mild\n2,a,none\n", [(2, "unit", Reason.BAD_UTF8), (3, "2")], "no UTF-8"),
    (b'1,"a\n\xe9",mild\n2,a,none\n', [(2, "unit", Reason.BAD_UTF8), (3, "2")], "no UTF-8 in the second line of a cell"),
    ("1,ICU,awful\n2,a,none\n", [(2, "harm", Reason.UNMAPPED), (3, "2")], "a value without a mapping"),
    ("a b,ICU,mild\n2,a,none\n", [(2, "id", Reason.INVALID), (3, "2")], "an id that is none, named by its column"),
    (f"1,{'x' * 201},mild\n2,a,none\n", [(2, "unit", Reason.INVALID), (3, "2")], "over the field's bound"),
    ("1," + "x" * MAX_LINE_BYTES + ",mild\n2,a,none\n", [(2, "", Reason.TOO_LONG), (3, "2")], "over 1 MiB"),
]


@pytest.mark.parametrize(("rows", "expected"), [row[:2] for row in FAULTY], ids=[row[2] for row in FAULTY])
def test_a_faulty_row_is_told_and_the_next_one_read(rows: str | bytes, expected: list[Any]) -> None:
    data = rows if isinstance(rows, bytes) else rows.encode()
    assert told(read(b"id,unit,harm\n" + data)) == expected


def test_an_open_quote_takes_no_row_but_its_own_with_it() -> None:
    open_quote = b'id,unit,harm\n1,"x,mild\n' + b"9,a,none\n" * 200_000
    outcomes = read(open_quote)
    assert told(outcomes)[0] == (2, "", Reason.OPEN_QUOTE)
    assert len(outcomes) == 200_001


HEADERS = [
    ("", [(1, "", Reason.NO_HEADER)], "an empty file"),
    (b"\xff\xfei\0d\0", [(1, "harm", Reason.MISSING_COLUMN)], "UTF-16"),
    ("id,units\n1,2\n", [(1, "harm", Reason.MISSING_COLUMN), (1, "unit", Reason.MISSING_COLUMN)], "columns missing"),
    ("id,unit,harm,unit\n1,a,b,c\n", [(1, "unit", Reason.REPEATED_COLUMN)], "a column twice"),
    ("x" * MAX_LINE_BYTES + "y", [(1, "", Reason.TOO_LONG)], "no line end at all"),
]


@pytest.mark.parametrize(("text", "expected"), [row[:2] for row in HEADERS], ids=[row[2] for row in HEADERS])
def test_a_file_without_the_columns_gives_no_event_at_all(text: str | bytes, expected: list[Any]) -> None:
    assert told(read(text))[: len(expected)] == expected
    assert not any(isinstance(outcome, Read) for outcome in read(text))


def test_rows_with_the_same_key_are_one_event() -> None:
    found = events("id,unit\nA,x\nA,y\nB,z\nA2,x\n", GROUPED)
    assert [(event.event_id, event.contributing_factors) for event in found] == [
        ("A", ("x", "y")), ("B", ("z",)), ("A2", ("x",)),
    ]  # fmt: skip


GROUPS = [
    ("A,x\nB,y\nA,z\n", [(2, "A"), (3, "B"), (4, "id", Reason.SCATTERED_GROUP)], "a key that comes back"),
    ("A,x\n,y\nB,z\n", [(2, "A"), (3, "id", Reason.MISSING), (4, "B")], "a row without a key"),
    (
        "A,x\nA\nA,z\nB,x\n",
        [(3, "", Reason.WRONG_NUMBER_OF_COLUMNS), (5, "B")],
        "a torn row inside: the whole event stays behind",
    ),
    (
        "A,x\nB\nB,z\nC,x\n",
        [(3, "", Reason.WRONG_NUMBER_OF_COLUMNS), (4, "id", Reason.INCOMPLETE_GROUP), (5, "C")],
        "a torn row between: it may belong to either",
    ),
    ("A\nA,z\nB,x\n", [(2, "", Reason.WRONG_NUMBER_OF_COLUMNS), (3, "id", Reason.INCOMPLETE_GROUP), (4, "B")], "first"),
    ("A,x\nA,\0\nB,x\n", [(3, "unit", Reason.CONTROL_CHARACTER), (4, "B")], "a bad cell whose key is known"),
]


@pytest.mark.parametrize(("rows", "expected"), [row[:2] for row in GROUPS], ids=[row[2] for row in GROUPS])
def test_a_group_with_a_fault_gives_no_event(rows: str, expected: list[Any]) -> None:
    assert told(read("id,unit\n" + rows, GROUPED)) == expected


def test_a_group_larger_than_a_message_is_one_fault() -> None:
    rows = "".join(f"A,{'x' * 199}\n" for _ in range(6_000))
    assert told(read("id,unit\n" + rows + "B,y\n", GROUPED)) == [(5244, "id", Reason.TOO_LONG), (6002, "B")]


def test_the_fda_layout_becomes_one_event_per_report() -> None:
    rows = (
        "report_id,product,symptom,sex\n"
        "R1,ALPHA,RASH,Female\nR1,ALPHA,DEATH,Female\nR1,BETA,RASH,Female\nR2,GAMMA,FEAR OF DEATH,Not Available\n"
    )
    first, second = events(rows, load_mapping("fda-caers"))
    assert (first.event_id, first.report_type, first.categories, first.harm) == ("R1", "incident", ("medication",), "death")
    assert [medication.brand_name for medication in first.medications] == ["ALPHA", "BETA"]
    assert [narrative.text for narrative in first.narratives] == ["Reported symptoms: RASH, DEATH"]
    assert first.patient is not None
    assert first.patient.sex == "female"
    assert (second.harm, second.patient and second.patient.sex) == ("unknown", "unknown")


VENDOR = {
    "Incident #": "INC 2024/00017", "Event Type": "reached patient", "Category": "Medication / Fluid; Fall",
    "Harm (NCC MERP)": "F", "Event Date/Time": "05/16/2024 21:40", "Entered": "05/17/2024", "Location Type": "icu",
    "Location": "6 North", "MRN": "0044719", "Patient Last Name": "Null", "Patient First Name": "Ada",
    "DOB": "02/27/1931", "Sex": "F", "Reporter Role": "RN", "Anonymous": "N", "Drug": "heparin", "Dose": "5000 units",
    "Med Stage": "Administration", "Factors": "staffing;handover", "Description": "Rate set wrongly.",
    "Immediate Action": "Pump stopped.",
}  # fmt: skip


def vendor_event(**changes: str) -> SafetyEvent:
    row = {**VENDOR, **changes}
    (event,) = events(",".join(row) + "\n" + ",".join(row.values()) + "\n", load_mapping("example-vendor"))
    return event


def test_the_vendor_layout_keeps_what_its_pick_lists_lose() -> None:
    event = vendor_event()
    assert event.source is not None
    assert (event.harm, event.harm_original, event.harm_scale) == ("unknown", "F", "ncc_merp")
    assert {"field": "harm", "value": "F"}.items() <= {
        "field": event.source.original[3].field, "value": event.source.original[3].value
    }.items()  # fmt: skip
    assert event.categories == ("medication", "fall")
    assert (event.event_date, event.event_time, event.setting) == ("2024-05-16", "21:40", "intensive_care")
    assert event.patient is not None
    assert (event.patient.family, event.patient.medical_record_number) == ("Null", "0044719")
    assert event.event_id == vendor_event(Description="Other words.").event_id != vendor_event(**{"Incident #": "2"}).event_id
    assert event.external_ids[0].value == "INC 2024/00017"


MERP = [
    ("A", "not_applicable", "an unsafe condition"),
    ("C", "none", "reached the patient"),
    ("D", "unknown", "monitoring: none or mild"),
    ("E", "unknown", "mild or moderate"),
    ("H", "unknown", "life saved: may leave nothing or much"),
    ("I", "death", "death"),
]


@pytest.mark.parametrize(("letter", "harm"), [row[:2] for row in MERP], ids=[row[2] for row in MERP])
def test_a_harm_letter_maps_only_where_the_scales_agree(letter: str, harm: str) -> None:
    event = vendor_event(**{"Harm (NCC MERP)": letter})
    assert (event.harm, event.harm_original) == (harm, letter)
