"""Input that would harm a careless reader, made as it is read: `python -m tests.support.bad_input CASE [TIMES]` reads one.

Prints one JSON line: events, faults by reason, and the largest memory of this process and of its child in MiB.
"""

import io
import json
import resource
import sys
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from producers.commands.workbook_process import rows_of_workbook
from producers.mapping import Mapping
from producers.mapping_file import load_mapping, parse_mapping
from producers.readers.common_formats_dsv import CommonFormatsDsv
from producers.readers.common_formats_xml import read_common_formats_xml
from producers.readers.csv_rows import CsvRows
from producers.readers.encodings import Encoding
from producers.readers.fhir import read_fhir
from producers.readers.json_lines import read_json_lines
from producers.readers.outcome import Fault, Origin, Outcome
from producers.readers.table import read_table
from producers.readers.unpacking import unpacked
from producers.readers.workbook_rows import workbook_records
from tests.support.workbooks import xlsx, xlsx_of_parts

ORIGIN = Origin("prv-1", "rl6-main")
CSV = parse_mapping(
    'name = "small"\nversion = 1\n[constants]\nreport_type = "incident"\n'
    '[[field]]\nto = "event_id"\ncolumn = "id"\n[[field]]\nto = "unit"\ncolumn = "unit"\n',
    "small.toml",
)
Reader = Callable[[BinaryIO], Iterator[Outcome]]
MEBIBYTE = b"x" * (1 << 20)


class Generated(io.RawIOBase):
    """A stream of parts that no disk ever held."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        self._parts = parts
        self._ready = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        while not self._ready:
            if not (part := next(self._parts, b"")):
                return 0
            self._ready = part
        taken = min(len(buffer), len(self._ready))
        buffer[:taken] = self._ready[:taken]
        self._ready = self._ready[taken:]
        return taken


def _rows(count: int) -> Iterator[bytes]:
    block = b"".join(b"%d,6 North\n" % number for number in range(10_000))
    for _ in range(count // 10_000):
        yield block


def _csv(*parts: bytes) -> Iterator[bytes]:
    yield b"id,unit\n"
    yield from parts
    yield b"\n1,ICU\n"


def _read_csv(encoding: Encoding = Encoding.UTF_8) -> Reader:
    return lambda stream: iter(CsvRows(stream, CSV, ORIGIN, encoding))


def _read_excel(stream: BinaryIO) -> Iterator[Outcome]:
    with rows_of_workbook(stream, None) as rows:
        yield from read_table(workbook_records(rows, CSV), CSV, ORIGIN, "excel")


def _mapped(read: Callable[[BinaryIO, Mapping, Origin], Iterator[Outcome]], name: str) -> Reader:
    return lambda stream: iter(read(stream, load_mapping(name), ORIGIN))


def _gzip_of_zeros(times: int) -> Iterator[bytes]:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    yield packer.compress(b"id,unit\n")
    for _ in range(1024 * times):
        yield packer.compress(bytes(1 << 20))
    yield packer.flush()


_read_xml = _mapped(read_common_formats_xml, "cfer-h-1-2")
_read_dsv = _mapped(lambda stream, mapping, origin: iter(CommonFormatsDsv(stream, mapping, origin)), "cfer-h-1-2")
_read_fhir = _mapped(read_fhir, "fhir-adverse-event")
_EVENT = b'<Event><DataElement ID="DE3"><Answer Code="A3"/></DataElement></Event>'
_SPARSE = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'

CASES: dict[str, tuple[Reader, Callable[[int], Iterator[bytes]]]] = {
    "csv of many rows": (_read_csv(), lambda n: iter([b"id,unit\n", *_rows(20_000 * n)])),
    "csv line": (_read_csv(), lambda n: _csv(b"2,", *[MEBIBYTE] * 1024 * n)),
    "csv line in UTF-16": (
        _read_csv(Encoding.UTF_16_LE),
        lambda n: (p.decode().encode("utf-16-le") for p in _csv(*[MEBIBYTE] * n)),
    ),
    "csv behind an open quote": (_read_csv(), lambda n: _csv(b'2,"', *[b"y" * 1000 + b"\n"] * 10_000 * n)),
    "csv without a line end": (_read_csv(), lambda n: iter([MEBIBYTE] * 1024 * n)),
    "csv of NUL bytes": (_read_csv(), lambda n: _csv(*[bytes(1 << 20)] * 256 * n)),
    "csv of nothing but quotes": (_read_csv(), lambda n: _csv(*[b'"' * 1000 + b"\n"] * 1000 * n)),
    "csv of nothing but line ends": (_read_csv(), lambda n: _csv(*[b"\n" * 1000] * 100 * n)),
    "json line": (lambda s: read_json_lines(s, ORIGIN), lambda n: iter([MEBIBYTE] * 1024 * n)),
    "gzip bomb": (lambda s: iter(CsvRows(unpacked(s), CSV, ORIGIN)), _gzip_of_zeros),
    "xml of many events": (_read_xml, lambda n: iter([b"<C>", *[_EVENT * 200] * 10 * n, b"</C>"])),
    "xml text": (_read_xml, lambda n: iter([b'<C><Event><DataElement ID="DE15"><Answer>', *[MEBIBYTE] * 1024 * n])),
    "xml tag": (_read_xml, lambda n: iter([b"<C><Event ", *[b'a="b" ' * 100_000] * 1700 * n])),
    "xml event": (
        _read_xml,
        lambda n: iter(
            [b"<C><Event>", *[b"<DataElement><Answer/></DataElement>" * 30_000] * 5 * n, b"</Event>", _EVENT, b"</C>"]
        ),
    ),
    "xml element": (
        _read_xml,
        lambda n: iter(
            [b"<C><Event><DataElement>", *[b"<Answer/>t" * 80_000] * 5 * n, b"</DataElement></Event>", _EVENT, b"</C>"]
        ),
    ),
    "xml that is no event": (_read_xml, lambda n: iter([b"<C>", *[b"<a>t</a><!-- c -->u" * 50_000] * 5 * n, b"</C>"])),
    "xml document type": (_read_xml, lambda n: iter([b"<!DOCTYPE a [", *[b'<!ENTITY a "b">' * 70_000] * 1000 * n])),
    "dsv event": (
        _read_dsv,
        lambda n: iter([b"Event|DataElement|Answer|AdditionalInfo\n", *[b"1|DE15|words|\n" * 70_000] * 2 * n]),
    ),
    "fhir document": (_read_fhir, lambda n: iter([b'{\n"a": "', *[MEBIBYTE] * 1024 * n])),
    "fhir line": (_read_fhir, lambda n: iter([b'{"a": 1}\n{"a": "', *[MEBIBYTE] * 1024 * n])),
    "fhir of empty entries": (
        _read_fhir,
        lambda n: iter([b'{"resourceType": "Bundle", "entry": [{}', *[b",{}" * 1000] * 1000 * n, b"]}"]),
    ),
    "workbook of two far cells": (_read_excel, lambda _: iter([xlsx_of_parts([("A", _SPARSE)])])),
    "workbook of spaces": (_read_excel, lambda n: iter([xlsx_of_parts([("A", " " * (20 << 20) * n)])])),
    "workbook of many rows": (
        _read_excel,
        lambda n: iter([xlsx(("A", [["id", "unit"], *[[f"{i}", f"unit {i}"] for i in range(5_000 * n)]]))]),
    ),
    "workbook without an end": (_read_excel, lambda n: iter([b"PK\x03\x04", *[MEBIBYTE] * 1024 * n])),
}
"""What reads it, and the parts of it: of `n` times its usual size."""


def main() -> None:
    """Reads the case that the command line names."""
    read, parts = CASES[sys.argv[1]]
    times = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    told: Counter[str] = Counter()
    events = 0
    for outcome in read(io.BufferedReader(Generated(filter(None, parts(times))), 1 << 20)):
        if isinstance(outcome, Fault):
            told[str(outcome.reason)] += 1
        else:
            events += 1
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(json.dumps({"events": events, "faults": told, "own_mb": _own_peak(), "child_mb": child}))


def _own_peak() -> int:
    """getrusage would count what the process that started this one held at the time."""
    peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(peak.split()[1]) // 1024


if __name__ == "__main__":
    main()
