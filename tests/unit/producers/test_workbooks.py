"""Workbooks: a sheet reads as the CSV of the same columns would; bombs and damage are one fault, never a crash."""

import csv
import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

import pytest

from producers.commands.workbook_process import rows_of_workbook
from producers.mapping import Mapping
from producers.readers.csv_rows import CsvRows
from producers.readers.outcome import Fault, Origin, Outcome, Read, Reason
from producers.readers.table import read_table
from producers.readers.workbook_rows import workbook_records
from producers.readers.zip_directory import MOST_BYTES, MOST_ENTRIES, refusal
from tests.support.workbooks import Cell, ods, xlsx, xlsx_of_parts, zipped
from tests.unit.producers.mapping_texts import mapping
from tests.unit.producers.xls_workbook import XLS

ORIGIN = Origin("prv-1", "rl6-main")
PLAIN = mapping(
    'to = "event_id"\ncolumn = "Id"',
    'to = "unit"\ncolumn = "Unit"',
    'to = "event_date"\ncolumn = "When"\ndate = ["%m/%d/%Y %H:%M", "%m/%d/%Y"]',
    'to = "event_time"\ncolumn = "When"\ntime = "%m/%d/%Y %H:%M"\notherwise = ""',
    'to = "report_date"\ncolumn = "Entered"\ndate = "%d.%m.%Y"',
    'to = "patient.age_years"\ncolumn = "Age"',
)
HEADER = ["Id", "Unit", "When", "Entered", "Age"]


def read(data: bytes, sheet: str | None = None, by: Mapping = PLAIN) -> list[Outcome]:
    with rows_of_workbook(io.BytesIO(data), sheet) as rows:
        return list(read_table(workbook_records(rows, by), by, ORIGIN, "excel"))


def told(outcomes: list[Outcome]) -> list[tuple[Any, ...]]:
    return [(o.row, o.column, o.reason) if isinstance(o, Fault) else (o.row, o.event.event_id) for o in outcomes]


def test_typed_cells_are_read_by_the_formats_that_the_column_declares() -> None:
    rows: list[Sequence[Cell]] = [
        HEADER,
        [1, "ICU", datetime.fromisoformat("2024-05-16T21:40"), date(2024, 5, 17), 93.0],
        ["2", "=1+1", date(2024, 5, 6), "07.05.2024", None],
        ["3", "ED", "05/16/2024", None, "ninety"],
    ]
    first, second, third = read(xlsx(("Incidents", rows)))
    assert isinstance(first, Read)
    assert (first.event.event_date, first.event.event_time, first.event.report_date) == ("2024-05-16", "21:40", "2024-05-17")
    assert first.event.patient is not None
    assert first.event.patient.age_years == 93
    assert isinstance(second, Read)
    assert (second.event.event_date, second.event.event_time, second.event.unit) == ("2024-05-06", None, "=1+1")
    assert isinstance(third, Fault)
    assert (third.row, third.column, third.reason) == (4, "Age", Reason.INVALID)


def test_rows_count_as_the_sheet_shows_them_and_a_sheet_is_chosen_by_name() -> None:
    rows: list[Sequence[Cell]] = [[None], [None], HEADER, [None], ["a b", "x", None, None, None], ["2", "y", None, None, None]]
    book = xlsx(("Cover", [["Report"]]), ("Data", rows))
    assert told(read(book, "Data")) == [(5, "Id", Reason.INVALID), (6, "2")]
    assert told(read(book))[0] == (1, "Age", Reason.MISSING_COLUMN)
    assert told(read(book, "Nope"))[0][2] is Reason.UNREADABLE_WORKBOOK


def test_a_sheet_and_the_csv_of_it_give_the_same_event() -> None:
    rows = [HEADER, ["1", 'a, "b"\nc', "05/16/2024", "", "7"]]
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    (by_csv,) = CsvRows(io.BytesIO(text.getvalue().encode()), PLAIN, ORIGIN)
    for book in (xlsx(("A", rows)), ods(rows)):
        (by_sheet,) = read(book)
        assert isinstance(by_sheet, Read)
        assert isinstance(by_csv, Read)
        assert (by_sheet.event.unit, by_sheet.event.event_date) == (by_csv.event.unit, by_csv.event.event_date)


def test_an_old_workbook_is_read_too() -> None:
    (found,) = read(XLS, "Incidents")
    assert isinstance(found, Read)
    assert (found.event.unit, found.event.event_date) == ("Süd", "2024-05-16")


def test_times_and_dates_without_a_declared_format_are_iso() -> None:
    loose = mapping('to = "event_date"\ncolumn = "D"', 'to = "event_time"\ncolumn = "T"')
    (found,) = read(xlsx(("A", [["D", "T"], [date(2024, 5, 16), time(7, 5)]])), by=loose)
    assert isinstance(found, Read)
    assert (found.event.event_date, found.event.event_time) == ("2024-05-16", "07:05")


SPARSE = xlsx_of_parts([("A", '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')])
DAMAGED = [
    (b"", "nothing"),
    (b"PK\x03\x04" + b"\0" * 200, "a zip in name only"),
    (xlsx(("A", [HEADER]))[:-40], "torn off"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 4096, "an old workbook in name only"),
    (SPARSE, "two cells at opposite corners, 400 GB between them"),
    (zipped({"a.txt": b"x"}), "an archive of something else"),
]


@pytest.mark.parametrize("data", [row[0] for row in DAMAGED], ids=[row[1] for row in DAMAGED])
def test_what_is_no_workbook_is_one_fault(data: bytes) -> None:
    (fault,) = read(data)
    assert isinstance(fault, Fault)
    assert fault.reason is Reason.UNREADABLE_WORKBOOK


def encrypted() -> bytes:
    data = bytearray(zipped({"a": b"x"}))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def lying(size: int) -> bytes:
    """A directory that says less than the entry unpacks to."""
    data = bytearray(zipped({"a": b"\0" * (4 << 20)}))
    place = data.index(b"PK\x01\x02") + 24
    data[place : place + 4] = size.to_bytes(4, "little")
    return bytes(data)


BOMBS = [
    (zipped({"a": b"\0" * (8 << 20)}), "200 times", "an entry of nothing but zeros"),
    (zipped({f"{n}": b"" for n in range(MOST_ENTRIES + 1)}), "entries", "entries without number"),
    (zipped({"../../etc/passwd": b"x"}), "leads out", "a path that climbs"),
    (zipped({"/etc/passwd": b"x"}), "leads out", "a path from the root"),
    (zipped({"xl\\..\\..\\a": b"x"}), "leads out", "a path as Windows writes it"),
    (zipped({"C:/a": b"x"}), "leads out", "a drive"),
    (encrypted(), "encrypted", "a password"),
    (b"PK\x03\x04", "damaged", "no directory"),
]


@pytest.mark.parametrize(("data", "why"), [row[:2] for row in BOMBS], ids=[row[2] for row in BOMBS])
def test_an_archive_is_refused_by_its_directory_alone(data: bytes, why: str) -> None:
    assert why in refusal(io.BytesIO(data))


def test_the_sum_of_the_entries_is_bounded_too() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for number in range(3):
            archive.writestr(str(number), bytes(MOST_BYTES // 2))
    assert "save the sheet as CSV" in refusal(out)


def test_a_directory_that_lies_gains_nothing() -> None:
    assert refusal(io.BytesIO(lying(100))) == ""
    assert told(read(lying(100))) == [(1, "", Reason.UNREADABLE_WORKBOOK)]


def test_a_sound_workbook_is_not_refused() -> None:
    assert refusal(io.BytesIO(xlsx(("A", [HEADER])))) == ""
