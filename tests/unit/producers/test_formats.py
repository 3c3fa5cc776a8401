"""Which format a file is in is told by content and name, and said where the two differ."""

import gzip
import json
from pathlib import Path

import pytest

from producers.commands.formats import by_content
from producers.failure import ExitCode
from tests.support.workbooks import ods, xlsx
from tests.unit.producers.mapping_texts import mapping_text
from tests.unit.producers.test_commands import produce

MINE = mapping_text('to = "event_id"\ncolumn = "id"', 'to = "unit"\ncolumn = "unit"')
TABLE = [["id", "unit"], ["1", "Süd"]]
CSV = "id;unit\n1;Süd\n"
XML = b'<C><Event><DataElement ID="DE3"><Answer Code="A3"/></DataElement></Event></C>'
DSV = b"Event|DataElement|Answer|AdditionalInfo\n1|DE3|A3|\n"
FHIR = json.dumps({"resourceType": "AdverseEvent", "id": "a", "actuality": "actual"}).encode()
LINE = b'{"event_id": "1", "report_type": "incident"}\n'
SEMICOLONS = "a.csv: columns are separated by ';' (recognised)\n"

FILES = [
    # name, bytes, words on stderr before the summary, remark
    ("a.csv", CSV.encode(), SEMICOLONS, "as its name says"),
    (
        "a.csv", CSV.encode("cp1252"),
        f"a.csv: read as cp1252 (bytes that are not UTF-8); --encoding says otherwise\n{SEMICOLONS}", "Windows",
    ),
    ("a.csv", xlsx(("A", TABLE)), "a.csv: read as excel (by its content)\n", "a workbook with the wrong name"),
    ("a.xlsx", xlsx(("A", TABLE)), "", "a workbook"),
    ("a.ods", ods(TABLE), "", "an OpenDocument"),
]  # fmt: skip
MAPPED = [
    ("a.xml", XML, "", "Common Formats XML"),
    ("a", XML, "a: read as cf-xml (by its content)\n", "without a name"),
    ("a.dsv", DSV, "a.dsv: columns are separated by '|' (recognised)\n", "Common Formats DSV"),
    ("a.json", FHIR, "", "FHIR"),
    ("a.jsonl", FHIR, "a.jsonl: read as fhir (by its content)\n", "FHIR as NDJSON"),
    ("a.json", LINE, "a.json: read as jsonl (by its content)\n", "canonical JSON"),
    ("a.xml.gz", gzip.compress(XML), "", "packed"),
]


@pytest.mark.parametrize(("name", "data", "said"), [row[:3] for row in FILES], ids=[row[3] for row in FILES])
def test_a_table_is_read_by_its_mapping(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    (tmp_path / "mine.toml").write_text(MINE)
    (tmp_path / name).write_bytes(data)
    ran = produce(tmp_path, "check", name, "--mapping", "mine.toml")
    assert (ran.returncode, ran.stdout, ran.stderr) == (ExitCode.OK, "", f"{said}{name}: 1 events, 0 faults\n")


@pytest.mark.parametrize(("name", "data", "said"), [row[:3] for row in MAPPED], ids=[row[3] for row in MAPPED])
def test_a_known_format_needs_no_mapping(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(data)
    ran = produce(tmp_path, "check", name)
    assert (ran.returncode, ran.stdout, ran.stderr) == (ExitCode.OK, "", f"{said}{name}: 1 events, 0 faults\n")


def test_what_the_command_line_says_wins(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(MINE)
    (tmp_path / "a.csv").write_bytes(CSV.encode("cp1252"))
    ran = produce(tmp_path, "check", "a.csv", "--mapping", "mine.toml", "--encoding", "utf-8")
    assert ran.stdout.startswith("a.csv:2: unit: bad_utf8: ")
    ran = produce(tmp_path, "check", "a.csv", "--format", "cf-dsv")
    assert ran.returncode == ExitCode.FOUND
    assert ": no_header: " in ran.stdout


def test_standard_input_is_recognised_too(tmp_path: Path) -> None:
    ran = produce(tmp_path, "check", "-", data=FHIR)
    assert (ran.returncode, ran.stderr) == (ExitCode.OK, "-: read as fhir (by its content)\n-: 1 events, 0 faults\n")


def test_a_sheet_is_named_on_the_command_line(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(MINE)
    (tmp_path / "a.xlsx").write_bytes(xlsx(("Cover", [["x"]]), ("Data", TABLE)))
    assert produce(tmp_path, "check", "a.xlsx", "--mapping", "mine.toml", "--sheet", "Data").returncode == ExitCode.OK
    assert "missing_column" in produce(tmp_path, "check", "a.xlsx", "--mapping", "mine.toml").stdout


HEADS = [
    (b"id,unit\n", None, "a CSV leaves doubt"),
    (b"\xef\xbb\xbf<?xml", "cf-xml", "behind a mark"),
    ("<?xml".encode("utf-16"), "cf-xml", "in UTF-16"),
    (b'PSOID;P1\n"Event";"DataElement";"Answer"\n', "cf-dsv", "behind its header, quoted"),
    (b"Event;Answer\n", None, "columns that only sound like it"),
    (b"", None, "nothing"),
]


@pytest.mark.parametrize(("head", "expected"), [row[:2] for row in HEADS], ids=[row[2] for row in HEADS])
def test_only_what_leaves_no_doubt_is_told_by_content(head: bytes, expected: str | None) -> None:
    assert by_content(head, None) == expected
