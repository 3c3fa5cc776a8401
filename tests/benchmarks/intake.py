"""A provider's file -> its outbox: rows per second and core through reader, mapping, check and durable write."""

import csv
import io
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from producers.capturing import Capturing
from producers.clock import system_clock
from producers.encoding import bounded, bundled_encoder
from producers.mapping_file import load_mapping
from producers.outbox import Outbox
from producers.readers.csv_rows import CsvRows
from producers.readers.outcome import Origin

ROWS = 40_000
ORIGIN = Origin("prv-8f3k2m", "rl6-main")
_VENDOR = {
    "Incident #": "INC 2024/{n:05d}", "Event Type": "reached patient", "Category": "Medication / Fluid; Fall",
    "Harm (NCC MERP)": "C", "Event Date/Time": "05/16/2024 21:40", "Entered": "05/17/2024", "Location Type": "icu",
    "Location": "6 North", "MRN": "{n:07d}", "Patient Last Name": "Null", "Patient First Name": "Ada", "DOB": "02/27/1931",
    "Sex": "F", "Reporter Role": "RN", "Anonymous": "N", "Drug": "heparin", "Dose": "5000 units",
    "Med Stage": "Administration", "Factors": "staffing;handover", "Description": "Rate of the pump set wrongly, {n}.",
    "Immediate Action": "Pump stopped.",
}  # fmt: skip
_CAERS = {"report_id": "R{n}", "product": "ALPHA", "symptom": "RASH", "sex": "Female"}


def intake() -> dict[str, dict[str, float]]:
    """Rows per second of CPU, and per second of the wall, where the disk is waited for."""
    return {
        "21 columns, read": _timed(_VENDOR, "example-vendor", _read),
        "21 columns, to the outbox": _timed(_VENDOR, "example-vendor", _captured),
        "4 columns, read": _timed(_CAERS, "fda-caers", _read),
        "4 columns, to the outbox": _timed(_CAERS, "fda-caers", _captured),
    }


def _timed(row: dict[str, str], mapping: str, work: Callable[[io.BytesIO, str], None]) -> dict[str, float]:
    stream = io.BytesIO(_file(row))
    began, worked = time.perf_counter(), time.process_time()
    work(stream, mapping)
    return {
        "per_cpu_second": round(ROWS / (time.process_time() - worked)),
        "per_second": round(ROWS / (time.perf_counter() - began)),
    }


def _file(row: dict[str, str]) -> bytes:
    text = io.StringIO()
    out = csv.writer(text)
    out.writerow(row)
    out.writerows([cell.format(n=number) for cell in row.values()] for number in range(ROWS))
    return text.getvalue().encode()


def _outcomes(stream: io.BytesIO, mapping: str) -> CsvRows:
    return CsvRows(stream, load_mapping(mapping), ORIGIN)


def _read(stream: io.BytesIO, mapping: str) -> None:
    assert sum(1 for _ in _outcomes(stream, mapping)) == ROWS


def _captured(stream: io.BytesIO, mapping: str) -> None:
    with tempfile.TemporaryDirectory() as folder, Outbox(Path(folder) / "outbox.sqlite", system_clock) as outbox:
        capturing = Capturing(outbox, bundled_encoder(), lambda _fault: None)
        capturing.take(bounded(_outcomes(stream, mapping), capturing.encode))
        assert capturing.tally.captured == ROWS
