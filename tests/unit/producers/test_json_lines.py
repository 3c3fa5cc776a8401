"""JSON lines: every line comes out as an event or as a fault that names its place and never its value."""

import gzip
import io
import json
from collections.abc import Iterator
from typing import Any

import pytest

from producers.readers.json_lines import read_json_lines
from producers.readers.lines import MAX_LINE_BYTES
from producers.readers.outcome import Fault, Origin, Outcome, Read, Reason

ORIGIN = Origin("prv-8f3k2m", "rl6-main")
CANARY = "Zebulon Quartermain"


def read(data: bytes) -> list[Outcome]:
    return list(read_json_lines(io.BytesIO(data), ORIGIN))


def line(**fields: Any) -> bytes:
    return json.dumps({"report_type": "incident", "event_id": "evt-1"} | fields).encode() + b"\n"


def event(data: bytes) -> Any:
    (outcome,) = read(data)
    assert isinstance(outcome, Read)
    return outcome.event


def fault(data: bytes) -> Fault:
    (outcome,) = read(data)
    assert isinstance(outcome, Fault)
    return outcome


FAULTS = [
    # line, column, reason, remark
    (b'{"report_type": NaN}\n', "", Reason.NOT_JSON, "NaN is not JSON"),
    (b'{"report_type": 1e999}\n', "", Reason.NOT_JSON, "a number that no machine holds"),
    (b'{"report_type": "incident"\n', "", Reason.NOT_JSON, "cut short"),
    (b"[1, 2]\n", "", Reason.NOT_JSON, "JSON, but no object"),
    (b'{"unit": "\xff"}\n', "", Reason.BAD_UTF8, "a byte that is no UTF-8"),
    (b'{"unit": "\\ud800"}\n', "", Reason.NOT_JSON, "half of a surrogate pair"),
    (b'{"unit": ' + b"[" * 100_000 + b"\n", "", Reason.TOO_DEEP, "brackets without end"),
    (line(unit="a\0b"), "", Reason.CONTROL_CHARACTER, "PostgreSQL's text holds no NUL"),
    (line(unit="x" * MAX_LINE_BYTES), "", Reason.TOO_LONG, "over 1 MiB"),
    (b'{"event_id": "evt-1"}\n', "report_type", Reason.MISSING, "a required field"),
    (line(harm=CANARY), "harm", Reason.NOT_ALLOWED, "a value outside of a closed vocabulary"),
    (line(medications=[{"stage": CANARY}]), "medications[0].stage", Reason.NOT_ALLOWED, "the same inside a list"),
    (line(**{CANARY: 1}), "", Reason.UNKNOWN_FIELD, "even a field's name may be a value"),
    (line(patient={CANARY: 1}), "patient", Reason.UNKNOWN_FIELD, "the same in a record"),
    (line(unit=7), "unit", Reason.INVALID, "a number where text belongs"),
    (line(unit=CANARY * 20), "unit", Reason.INVALID, "over 200 characters"),
    (line(event_id="evt 1"), "event_id", Reason.INVALID, "an id with a blank"),
    (line(event_id="evt|1"), "event_id", Reason.INVALID, "the separator of Kafka keys"),
    (line(patient={"age_years": 200}), "patient.age_years", Reason.INVALID, "nobody is 200"),
    (line(event_date="05/17/2024"), "event_date", Reason.INVALID, "a date in another form"),
    (line(event_date="2024-02-30"), "event_date", Reason.NO_SUCH_DATE, "a day that is not in the calendar"),
    (line(patient={"birth_date": "1931-06-31"}), "patient.birth_date", Reason.NO_SUCH_DATE, "the same below"),
    (line(provider="prv-other"), "provider", Reason.PROVIDER_MISMATCH, "another provider's event"),
    (line(action="withdraw"), "revision", Reason.MISSING, "a withdrawal without its revision would lose"),
    (line(event_id=None, revision=2, action="correct"), "event_id", Reason.UNIDENTIFIED, "corrects what?"),
]


@pytest.mark.parametrize(("data", "column", "reason"), [row[:3] for row in FAULTS], ids=[row[3] for row in FAULTS])
def test_a_faulty_line_is_a_fault_at_its_place_with_its_reason(data: bytes, column: str, reason: Reason) -> None:
    found = fault(data)
    assert (found.row, found.column, found.reason) == (1, column, reason)
    assert found.hint
    assert "Zebulon" not in repr(found)


def test_what_follows_a_fault_is_read() -> None:
    everything = b"".join(row[0] for row in FAULTS) + b"\n  \n" + line()
    outcomes = read(everything)
    assert [type(outcome) for outcome in outcomes] == [Fault] * len(FAULTS) + [Read]
    assert outcomes[-1].row == len(FAULTS) + 3  # two blank lines before it


HINTS = [
    (line(medications=[{"stag": 1}]), "is `stage` meant?", "a misspelt field"),
    (line(harm="bad"), "one of death, severe, moderate, mild, none, unknown, not_applicable", "the whole vocabulary"),
    (line(event_date="May"), "a date as YYYY-MM-DD, YYYY-MM or YYYY", "the form, not a regular expression"),
    (line(event_time="9pm"), "a time as HH:MM", "the form of a time"),
    (line(unit="x" * 201), "expected str of length <= 200", "the bound"),
]


@pytest.mark.parametrize(("data", "hint"), [row[:2] for row in HINTS], ids=[row[2] for row in HINTS])
def test_a_hint_says_what_would_be_right(data: bytes, hint: str) -> None:
    assert hint in fault(data).hint


def test_a_first_report_may_leave_out_who_and_what_it_is() -> None:
    found = event(line())
    assert (found.provider, found.revision, found.action) == ("prv-8f3k2m", 1, "report")
    assert (found.source.system, found.source.format) == ("rl6-main", "jsonl")


def test_what_the_source_says_is_not_replaced() -> None:
    given = line(
        revision=3, action="correct", source={"system": "other", "format": "hl7"}, pses_entered_at="2024-05-17T14:03:00Z"
    )
    found = event(given)
    assert (found.revision, found.action, found.source.system) == (3, "correct", "other")
    assert found.pses_entered_at == "2024-05-17T14:03:00Z"


def test_a_file_may_begin_with_a_byte_order_mark_and_end_without_a_line_end() -> None:
    assert event(b"\xef\xbb\xbf" + line().rstrip()).event_id == "evt-1"


def test_words_beyond_ascii_come_through() -> None:
    assert event(line(unit="Señor Ångström 病院")).unit == "Señor Ångström 病院"


def test_the_same_line_without_an_id_always_gets_the_same_one() -> None:
    first, second = event(line(event_id=None, unit="ICU")), event(line(event_id=None, unit="ICU"))
    assert first.event_id == second.event_id != event(line(event_id=None, unit="ED")).event_id
    assert first.event_id.startswith("content-")


def test_an_external_id_names_an_event_whatever_its_content() -> None:
    external = [{"system": "rl6-main", "value": "INC 2024/17"}]
    first = event(line(event_id=None, external_ids=external, unit="ICU"))
    correction = event(line(event_id=None, external_ids=external, unit="ED", revision=2, action="correct"))
    elsewhere = event(line(event_id=None, external_ids=[{"system": "other", "value": "INC 2024/17"}]))
    assert first.event_id == correction.event_id != elsewhere.event_id


def test_a_compressed_file_cut_short_gives_what_it_holds_and_a_fault() -> None:
    whole = gzip.compress(b"".join(line(unit=f"unit {number}") for number in range(20_000)))
    outcomes = list(_read_stream(gzip.GzipFile(fileobj=io.BytesIO(whole[: len(whole) // 2]))))
    assert len(outcomes) > 1
    assert all(isinstance(outcome, Read) for outcome in outcomes[:-1])
    assert isinstance(outcomes[-1], Fault)
    assert outcomes[-1].reason is Reason.DAMAGED_FILE


class Endless(io.RawIOBase):
    """A line of many MiB, made while it is read."""

    def __init__(self, size: int) -> None:
        self._left = size
        self.largest = 0

    def readable(self) -> bool:
        return True

    def readline(self, size: int | None = -1, /) -> bytes:
        assert size is not None
        assert size >= 0, "a reader that asks for a whole line takes whatever memory the line needs"
        self.largest = max(self.largest, size)
        part = min(size, self._left)
        self._left -= part
        return b"x" * part


def test_a_line_without_end_is_read_in_bounded_parts() -> None:
    stream = Endless(64 * MAX_LINE_BYTES)
    (found,) = _read_stream(stream)
    assert isinstance(found, Fault)
    assert found.reason is Reason.TOO_LONG
    assert stream.largest <= MAX_LINE_BYTES + 1


def _read_stream(stream: Any) -> Iterator[Outcome]:
    return read_json_lines(stream, ORIGIN)
