"""Readers: what was written is read again in every encoding, and no bytes at all make one stumble."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from producers.readers.csv_rows import CsvRows
from producers.readers.encodings import Encoding, recognised
from producers.readers.outcome import Fault, Outcome, Read
from tests.support.bad_input import CASES, CSV, ORIGIN
from tests.support.fuzzed_bodies import SEEDS, read_damaged

IN_CP1252 = st.characters(codec="cp1252", exclude_characters="\0")
ANY = st.characters(exclude_categories=["Cs"], exclude_characters="\0")


def units(letters: st.SearchStrategy[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.text(letters, min_size=1, max_size=40).filter(str.strip), min_size=1, max_size=8)


def written(cells: list[str], delimiter: str) -> str:
    out = io.StringIO(newline="")
    rows = csv.writer(out, delimiter=delimiter)
    rows.writerow(["id", "unit"])
    rows.writerows((str(number), cell) for number, cell in enumerate(cells))
    return out.getvalue()


def read(data: bytes, encoding: Encoding) -> list[Outcome]:
    return list(CsvRows(io.BytesIO(data), CSV, ORIGIN, encoding))


@given(cells=units(ANY), delimiter=st.sampled_from(",;\t|"), encoding=st.sampled_from(list(Encoding)[:3]))
def test_any_cells_come_back_from_any_unicode_encoding(cells: list[str], delimiter: str, encoding: Encoding) -> None:
    outcomes = read(("\ufeff" + written(cells, delimiter)).encode(encoding), encoding)
    assert [outcome.event.unit for outcome in outcomes if isinstance(outcome, Read)] == [cell.strip() for cell in cells]


@given(cells=units(IN_CP1252), delimiter=st.sampled_from(",;\t|"))
def test_any_cells_of_windows_come_back(cells: list[str], delimiter: str) -> None:
    outcomes = read(written(cells, delimiter).encode("cp1252"), Encoding.CP1252)
    assert [outcome.event.unit for outcome in outcomes if isinstance(outcome, Read)] == [cell.strip() for cell in cells]


@given(cells=units(ANY), encoding=st.sampled_from(list(Encoding)[:3]))
def test_a_marked_file_tells_its_encoding(cells: list[str], encoding: Encoding) -> None:
    assert recognised(io.BytesIO(("\ufeff" + written(cells, ",")).encode(encoding))).encoding is encoding


@given(data=st.binary(max_size=2_000), encoding=st.sampled_from(Encoding))
def test_any_bytes_are_events_and_faults_in_any_encoding(data: bytes, encoding: Encoding) -> None:
    recognised(io.BytesIO(data))
    assert all(outcome.row >= 1 for outcome in read(b"id,unit\n" + data, encoding))


@pytest.mark.parametrize("name", [name for name in SEEDS if name != "excel"])
@given(data=st.binary(max_size=500))
def test_any_bytes_are_events_and_faults_in_any_format(name: str, data: bytes) -> None:
    reader = CASES[SEEDS[name][0]][0]
    assert all(outcome.row >= 1 for outcome in reader(io.BytesIO(data)))


@given(rows=st.lists(st.sampled_from(['{n},"open\n', "{n},sound\n", '{n},"a\nb"\n', '{n},x"y\n', '{n},"a"b\n']), max_size=30))
@settings(max_examples=300)
def test_a_row_that_no_quote_touches_is_never_lost(rows: list[str]) -> None:
    text = "id,unit\n" + "".join(row.format(n=number) for number, row in enumerate(rows))
    outcomes = read(text.encode(), Encoding.UTF_8)
    found = {outcome.event.event_id for outcome in outcomes if isinstance(outcome, Read)}
    damaged = '{n},"open\n' in rows or '{n},"a"b\n' in rows
    sound = {str(number) for number, row in enumerate(rows) if row == "{n},sound\n"}
    assert damaged or sound <= found
    assert bool(damaged) == any(isinstance(outcome, Fault) for outcome in outcomes)


def test_damaged_bodies_of_every_format_are_read_to_their_end() -> None:
    told = read_damaged(2_000, seed=20_240_516)
    assert sum(counts["bodies"] for counts in told.values()) == 2_000
    assert all(counts["faults"] for counts in told.values())
    assert all(counts["events"] for name, counts in told.items() if name != "excel")
