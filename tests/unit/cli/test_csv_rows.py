"""Rows of a file: what is read, and where a fault is said to lie without a word of what lies there."""

import gzip
from pathlib import Path

import pytest

from stream_processors.cli.csv_rows import Row, UnreadableRow, rows


def read(tmp_path: Path, octets: bytes, name: str = "in.csv") -> list[tuple[int, str, str]]:
    path = tmp_path / name
    path.write_bytes(octets)
    return [(row.line, row.text("a"), row.text("b")) for row in rows(path, ["a", "b"])]


@pytest.mark.parametrize(
    ("octets", "expected", "remark"),
    [
        (b"a,b\n1,2\n", [(2, "1", "2")], "plain"),
        (b"\xef\xbb\xbfa,b\r\n1,2\r\n", [(2, "1", "2")], "a byte order mark and lines of Windows"),
        (b"b,x,a\n2,,1", [(2, "1", "2")], "in another order, with another column, without a last line end"),
        (b'a,b\n"1\n1","2,""2"\n3,4\n', [(2, "1\n1", '2,"2'), (4, "3", "4")], "quoted, over two lines"),
        (b"a,b\n\n1,2\n", [(3, "1", "2")], "an empty line is none"),
        ("a,b\né,\u4e2d\n".encode(), [(2, "é", "\u4e2d")], "any letters"),
        (b"a,b\n1,\n", [(2, "1", "")], "an empty value is a value"),
        (b"a,b\n", [], "no rows"),
    ],
)
def test_what_is_read(tmp_path: Path, octets: bytes, expected: list[tuple[int, str, str]], remark: str) -> None:
    assert read(tmp_path, octets) == expected, remark


def test_a_compressed_file_is_unpacked(tmp_path: Path) -> None:
    assert read(tmp_path, gzip.compress(b"a,b\n1,2\n"), "in.csv.gz") == [(2, "1", "2")]


@pytest.mark.parametrize(
    ("octets", "told"),
    [
        (b"", "line 1, column a: is not in the first line"),
        (b"a,c\n", "line 1, column b: is not in the first line"),
        (b"a,b,a\n", "line 1, column a: stands there twice"),
        (b"a,b\nSecret\n", "line 2: 1 columns where the first line has 2"),
        (b"a,b\n1,2\nSecret,2,3\n", "line 3: 3 columns where the first line has 2"),
        (b"a,b\n1,\xe9Secret\n", "line 2: not UTF-8"),
        (b'a,b\n1,2\n1,"Secret', "line 3: no CSV (unexpected end of data)"),
        (b'a,b\n1,"Secret" x\n', "line 2: no CSV (',' expected after '\"')"),
    ],
)
def test_what_is_wrong_is_said_with_its_place_and_not_its_value(tmp_path: Path, octets: bytes, told: str) -> None:
    with pytest.raises(UnreadableRow) as error:
        read(tmp_path, octets)
    assert error.value.message == told


DAMAGED = [gzip.compress(b"a,b\n1,2\n" * 99)[:-9], b"a,b\n1,2\n", gzip.compress(b"x")[:12] + b"junk" * 9]


@pytest.mark.parametrize("octets", DAMAGED, ids=["ends too early", "not compressed", "damaged"])
def test_a_damaged_compressed_file_is_refused(tmp_path: Path, octets: bytes) -> None:
    with pytest.raises(UnreadableRow, match="the compressed file is damaged or ends too early"):
        read(tmp_path, octets, "in.csv.gz")


def one(tmp_path: Path, value: str) -> Row:
    path = tmp_path / "in.csv"
    path.write_text(f"a,b\nx,{value}\n")
    (row,) = rows(path, ["b"])
    return row


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("17", 17), (" 3 ", 3), ("9" * 18, 10**18 - 1)])
def test_a_whole_number_is_one(tmp_path: Path, text: str, number: int) -> None:
    assert one(tmp_path, text).whole("b") == number


@pytest.mark.parametrize("text", ["", "-1", "1.0", "1e3", "two", "\u0663", "1_000", "9" * 19])
def test_what_is_no_whole_number_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(UnreadableRow, match="line 2, column b: no whole number"):
        one(tmp_path, text).whole("b")


@pytest.mark.parametrize("text", ["", "  "])
def test_a_value_that_must_be_there_is_missed(tmp_path: Path, text: str) -> None:
    with pytest.raises(UnreadableRow, match="line 2, column b: empty"):
        one(tmp_path, text).filled("b")
