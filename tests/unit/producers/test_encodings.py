"""Encodings: told by mark or bytes, never by the name, and any text comes back from any of them."""

import io

import pytest

from producers.readers.csv_rows import CsvRows
from producers.readers.encodings import Encoding, as_utf8, recognised
from producers.readers.outcome import Fault, Origin, Outcome, Read, Reason
from tests.unit.producers.mapping_texts import mapping

PLAIN = mapping('to = "event_id"\ncolumn = "id"', 'to = "unit"\ncolumn = "unit"')
HEADER = "id,unit\n"

TOLD = [
    (b"id,unit\n1,ICU\n", Encoding.UTF_8, "", "ASCII"),
    ("id,unit\n1,Süd\n".encode(), Encoding.UTF_8, "", "UTF-8"),
    ("\ufeffid,unit\n1,Süd\n".encode(), Encoding.UTF_8, "", "UTF-8 with its mark"),
    ("\ufeffid,unit\n1,Süd\n".encode("utf-16-le"), Encoding.UTF_16_LE, "its byte order mark", "Excel's Unicode text"),
    ("\ufeffid,unit\n1,Süd\n".encode("utf-16-be"), Encoding.UTF_16_BE, "its byte order mark", "the other order"),
    ("id,unit\n1,Süd\n".encode("utf-16-le"), Encoding.UTF_16_LE, "NUL in every other byte", "no mark"),
    ("id,unit\n1,Süd\n".encode("utf-16-be"), Encoding.UTF_16_BE, "NUL in every other byte", "no mark, the other order"),
    ("id,unit\n1,Süd\n".encode("cp1252"), Encoding.CP1252, "bytes that are not UTF-8", "Windows"),
    ("id,unit\n1,Spaß” éé\n".encode("cp1252"), Encoding.CP1252, "bytes that are not UTF-8", "ß” alone would be UTF-8"),
    ("id,unit\n1,Süd Süd\n".encode() + b"2,S\xfcd\n", Encoding.UTF_8, "", "UTF-8 with one stray row"),
    (b"id,unit\n1,I\0U\n", Encoding.UTF_8, "", "one NUL makes no UTF-16"),
    (b"", Encoding.UTF_8, "", "nothing"),
]


@pytest.mark.parametrize(("data", "encoding", "because"), [row[:3] for row in TOLD], ids=[row[3] for row in TOLD])
def test_an_encoding_is_told_with_its_reason(data: bytes, encoding: Encoding, because: str) -> None:
    found = recognised(io.BytesIO(data))
    assert (found.encoding, found.because) == (encoding, because)


def test_a_letter_far_down_the_file_still_decides() -> None:
    ascii_rows = b"1,ICU\n" * 400_000
    assert recognised(io.BytesIO(ascii_rows + b"2,S\xfcd\n")).encoding is Encoding.CP1252


def read(data: bytes, encoding: Encoding) -> list[Outcome]:
    return list(CsvRows(io.BytesIO(data), PLAIN, Origin("prv-1", "rl6"), encoding))


@pytest.mark.parametrize("encoding", Encoding)
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["bare", "marked"])
def test_a_file_says_the_same_in_every_encoding(encoding: Encoding, mark: str) -> None:
    mark = "" if encoding is Encoding.CP1252 else mark
    (found,) = read((mark + HEADER + '1,"Süd,\n€ ""5"""\n').encode(encoding), encoding)
    assert isinstance(found, Read)
    assert found.event.unit == 'Süd,\n€ "5"'


NO_TEXT = [
    (b"id,unit\n1,a\x81b\n2,c\n", Encoding.CP1252, "a byte without a character in cp1252"),
    ("id,unit\n1,a\ud800b\n2,c\n".encode("utf-16-le", "surrogatepass"), Encoding.UTF_16_LE, "half a pair"),
    (b"id,unit\n1,a\xffb\n2,c\n", Encoding.UTF_8, "no UTF-8"),
]


@pytest.mark.parametrize(("data", "encoding"), [row[:2] for row in NO_TEXT], ids=[row[2] for row in NO_TEXT])
def test_bytes_that_mean_nothing_are_a_fault_of_their_cell_and_the_next_row_is_read(data: bytes, encoding: Encoding) -> None:
    fault, found = read(data, encoding)
    assert isinstance(fault, Fault)
    reason = Reason.BAD_UTF8 if encoding is Encoding.UTF_8 else Reason.BAD_ENCODING
    assert (fault.row, fault.column, fault.reason) == (2, "unit", reason)
    assert isinstance(found, Read)


def test_half_a_character_at_the_end_is_not_dropped() -> None:
    data = "id,unit\n1,a\n2,b".encode("utf-16-le")
    *_, last = read(data[:-1], Encoding.UTF_16_LE)
    assert isinstance(last, Fault)
    assert (last.row, last.reason) == (3, Reason.BAD_ENCODING)


def test_transcoding_gives_lines_whatever_the_size_of_its_blocks() -> None:
    text = "é" * 300_000 + "\n" + "x\n"
    stream = as_utf8(io.BytesIO(text.encode("utf-16-be")), Encoding.UTF_16_BE)
    assert [len(line) for line in stream] == [600_001, 2]
