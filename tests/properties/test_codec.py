"""What the codec promises for every record and for any bytes."""

import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.catalogue import bundled
from schemas.codec import Codec, Undecodable
from schemas.records import Record, SafetyEvent
from tests.properties.avro_libraries import LIBRARIES, Library
from tests.properties.strategies import plain, records

CATALOGUE = bundled()
CODEC = Codec(CATALOGUE)
DRAWN = {record: records(record) for record in CATALOGUE.ids}
FRAME = 5
RECORDS = pytest.mark.parametrize("record", CATALOGUE.ids, ids=lambda r: r.__name__)
few = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
many = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def schema_of(record: type[Record]) -> Any:
    return CATALOGUE.schema(CATALOGUE.ids[record])


@RECORDS
@few
@given(data=st.data())
def test_a_decoded_record_is_the_encoded_one_and_the_bytes_are_always_the_same(
    record: type[Record], data: st.DataObject
) -> None:
    drawn = data.draw(DRAWN[record])
    octets = CODEC.encode(drawn)
    assert CODEC.decode(octets, record) == drawn
    assert CODEC.encode(CODEC.decode(octets, record)) == octets


@RECORDS
@pytest.mark.parametrize("library", LIBRARIES.values(), ids=LIBRARIES.keys())
@few
@given(data=st.data())
def test_both_avro_libraries_read_what_we_write_and_write_the_same_bytes(
    record: type[Record], library: Library, data: st.DataObject
) -> None:
    drawn = data.draw(DRAWN[record])
    octets = CODEC.encode(drawn)[FRAME:]
    assert library.read(schema_of(record), octets) == plain(drawn)
    assert library.write(schema_of(record), plain(drawn)) == octets


@RECORDS
@few
@given(data=st.data())
def test_what_one_avro_library_writes_the_other_reads(record: type[Record], data: st.DataObject) -> None:
    drawn = plain(data.draw(DRAWN[record]))
    schema = schema_of(record)
    for writer in LIBRARIES.values():
        for reader in LIBRARIES.values():
            assert reader.read(schema, writer.write(schema, drawn)) == drawn


def outcome(octets: bytes, record: type[Record]) -> Record | Undecodable:
    """What decoding gives: a record that was valid as it stood, or Undecodable. Anything else fails the test."""
    try:
        found: Record | Undecodable = CODEC.decode(octets, record)
    except Undecodable as error:
        found = error
    if isinstance(found, Undecodable):
        assert found.__cause__ is None
        assert found.__context__ is None
    return found


@RECORDS
@many
@given(octets=st.binary(max_size=200), framed=st.booleans())
def test_any_bytes_are_a_record_or_undecodable(record: type[Record], octets: bytes, framed: bool) -> None:
    frame = b"\0" + CATALOGUE.ids[record].to_bytes(4, "big") if framed else b""
    found = outcome(frame + octets, record)
    if isinstance(found, Record):
        assert CODEC.decode(CODEC.encode(found), record) == found


@RECORDS
@many
@given(data=st.data())
def test_truncated_lengthened_and_flipped_bytes_are_a_record_or_undecodable(record: type[Record], data: st.DataObject) -> None:
    octets = CODEC.encode(data.draw(DRAWN[record]))
    cut = data.draw(st.integers(0, len(octets) - 1), label="cut")
    place = data.draw(st.integers(0, len(octets) * 8 - 1), label="flipped bit")
    flipped = bytearray(octets)
    flipped[place // 8] ^= 1 << place % 8
    assert isinstance(outcome(octets[:cut], record), Undecodable)
    assert isinstance(outcome(octets + b"\0", record), Undecodable)
    outcome(bytes(flipped), record)


def varint(number: int) -> bytes:
    zigzag, out = (number << 1) ^ (number >> 127), bytearray()
    while zigzag > 0x7F:
        out.append((zigzag & 0x7F) | 0x80)
        zigzag >>= 7
    return bytes([*out, zigzag])


EVENT = CODEC.encode(SafetyEvent("E1", 1, "report", "prv-1", "incident"))  # type: ignore[arg-type]
HEAD, BEHIND_ID = EVENT[:FRAME], EVENT[FRAME + 3 :]
BEHIND_TYPE = EVENT[: EVENT.index(b"prv-1") + 6]  # as far as report_type: then come the categories
HUGE = [
    (HEAD + varint(2**60) + b"E1", "a string of 2^60 bytes"),
    (HEAD + varint(2**63 - 1) + b"E1", "the longest length there is"),
    (HEAD + varint(-2) + b"E1", "a negative length"),
    (HEAD + varint(-(2**63)) + b"E1", "the most negative length"),
    (HEAD + b"\xff" * 5000, "a length that never ends"),
    (HEAD + b"\xff" * 9 + b"\x7f", "a length above 64 bits"),
    (BEHIND_TYPE + varint(2**60), "an array of 2^60 items"),
    (BEHIND_TYPE + varint(-(2**60)) + varint(9) + b"\0" * 9, "a block of 2^60 items that says its size"),
    (BEHIND_TYPE + varint(-(2**63)) + varint(0), "a block of 2^63 items"),
    (BEHIND_TYPE + (varint(1) + b"\0") * 100_000, "a hundred thousand blocks and no end"),
    (HEAD + b"\0" * 1_048_576, "a mebibyte of zeros"),
]


@pytest.mark.parametrize(("octets", "remark"), HUGE, ids=[remark for _, remark in HUGE])
def test_huge_lengths_cost_neither_memory_nor_time(octets: bytes, remark: str) -> None:
    tracemalloc.start()
    started = time.process_time()
    try:
        found = outcome(octets, SafetyEvent)
        spent = time.process_time() - started
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert isinstance(found, Undecodable), remark
    assert peak < 20 * len(octets) + 100_000, remark
    assert spent < 2, remark


CANARY = "Zanzibar-Quillfeather"
SPOILT: list[tuple[str, Callable[[dict[str, Any]], object], str]] = [
    ("event_id", lambda e: e.update(event_id=f"{CANARY} | {CANARY}"), "a pattern is broken"),
    ("unit", lambda e: e.update(unit=CANARY * 20), "too long"),
    ("event_date", lambda e: e.update(event_date=CANARY), "no date"),
    ("event_date", lambda e: e.update(event_date=f"{CANARY} - at `$.{CANARY}`"), "a value that looks like a path"),
    ("patient.given", lambda e: e["patient"].update(given=CANARY * 20), "inside a record"),
    ("providers[0].family", lambda e: e["providers"][0].update(family=CANARY * 20), "inside an array of records"),
    ("contributing_factors[0]", lambda e: e.update(contributing_factors=[CANARY * 20]), "inside an array"),
    ("pses_entered_at", lambda e: e.update(pses_entered_at=CANARY), "no instant"),
    ("revision", lambda e: e.update(revision=0), "out of range"),
]


def a_full_event() -> dict[str, Any]:
    event = plain(CODEC.decode(EVENT, SafetyEvent))
    empty_patient = dict.fromkeys(p["name"] for p in LIBRARY_FIELDS["Patient"])
    empty_provider = dict.fromkeys(p["name"] for p in LIBRARY_FIELDS["InvolvedProvider"])
    return {**event, "patient": empty_patient, "providers": [empty_provider], "unit": CANARY}


def fields_by_record(schema: Any) -> dict[str, Any]:
    if isinstance(schema, dict) and schema.get("type") == "record":
        inner = [fields_by_record(field["type"]) for field in schema["fields"]]
        return {schema["name"]: schema["fields"]} | {name: f for found in inner for name, f in found.items()}
    if isinstance(schema, dict) and schema.get("type") == "array":
        return fields_by_record(schema["items"])
    if isinstance(schema, list):
        return {name: f for arm in schema for name, f in fields_by_record(arm).items()}
    return {}


LIBRARY_FIELDS = fields_by_record(schema_of(SafetyEvent))


@pytest.mark.parametrize(("path", "spoil", "remark"), SPOILT, ids=[remark for *_, remark in SPOILT])
def test_an_invalid_field_is_named_and_its_value_is_nowhere_in_the_error(
    path: str, spoil: Callable[[dict[str, Any]], object], remark: str
) -> None:
    event = a_full_event()
    spoil(event)
    found = outcome(HEAD + LIBRARIES["fastavro"].write(schema_of(SafetyEvent), event), SafetyEvent)
    assert isinstance(found, Undecodable), remark
    assert (found.reason, found.path) == ("invalid_field", path)
    assert not any(CANARY in said for said in everything_said_by(found))


@pytest.mark.parametrize("cut", [6, 12, 20, 30])
def test_bytes_that_are_no_utf8_leave_no_trace_of_themselves_in_the_error(cut: int) -> None:
    octets = HEAD + varint(len(CANARY) + 1) + CANARY[:cut].encode() + b"\xff" + CANARY[cut:].encode()
    found = outcome(octets, SafetyEvent)
    assert isinstance(found, Undecodable)
    assert not any(CANARY[:cut] in said for said in everything_said_by(found))


def everything_said_by(error: BaseException) -> list[str]:
    """What a log line, a traceback or an error tracker could show of an error, short of the local variables."""
    chain = [e for e in (error, error.__cause__, error.__context__) if e is not None]
    return [text for e in chain for text in (str(e), repr(e), repr(e.args), repr(vars(e)))]
