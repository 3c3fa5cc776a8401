"""Poison: each bad record becomes one dead letter with a reason, its neighbours go on, no process dies."""

import random

import pytest

from schemas.catalogue import bundled
from schemas.codec import Codec
from schemas.topics import submitted
from tests.end_to_end.conftest import NAMESPACE, System
from tests.support.builders import safety_event

CODEC = Codec(bundled())
ENTRY = submitted("arr-7k2q").name


def good(event_id: str, **changes: object) -> bytes:
    return CODEC.encode(safety_event(event_id=event_id, provider="prv-8f3k2m", **changes))


POISON: list[tuple[bytes | None, str, str]] = [
    (None, "empty", "a tombstone"),
    (b"", "empty", "nothing at all"),
    (random.Random(1).randbytes(400), "not_framed", "random bytes"),
    (b"\x00" + random.Random(2).randbytes(400), "unknown_schema", "random bytes behind a good first byte"),
    (b"\x00\x00\x00\x00\x01" + random.Random(3).randbytes(400), "", "random bytes behind a good frame"),
    (good("evt-cut")[:-5], "", "truncated Avro"),
    (good("evt-tail") + b"\x00\x00", "trailing_bytes", "bytes behind the record"),
    (b"\x00\x00\x00\x0f\xff" + good("evt-id")[5:], "unknown_schema", "an id that no catalogue knows"),
    (b"\x00\x00\x00\x00\x02" + good("evt-other")[5:], "unexpected_record", "another record's id"),
    (b'{"event_id": "evt-json", "harm": NaN}', "not_framed", "JSON with NaN where Avro belongs"),
    (b"[" * 100_000, "not_framed", "deep nesting"),
    (good("evt-utf8").replace(b"evt-utf8", b"evt-\xff\xfe\xfd\xfc"), "", "bad UTF-8 in a string"),
    (good("evt-wrong").replace(b"prv-8f3k2m", b"prv-xxxxxx"), "provider_mismatch", "another provider's event"),
    (good("evt-long", unit="x" * 900_000), "invalid_field", "a field of 900 kB"),
]


@pytest.fixture(scope="module")
def fate(system: System) -> dict[int, tuple[str, str]]:
    """Reason and path of each poison record, by its place; sent between two good events."""
    before = len(_dead(system))
    system.put_raw(ENTRY, [good("evt-before"), *(value for value, _, _ in POISON), good("evt-after")])
    system.await_rows("select 1 from protected.event_revisions where event_id in ('evt-before', 'evt-after')", count=2)
    system.await_rows(
        "select 1 from protected.dead_letters where died_topic = %s", NAMESPACE + ENTRY, count=before + len(POISON)
    )
    found = _dead(system)[before:]
    first = found[0][0]
    return {offset - first: (reason, path) for offset, reason, path in found}


def _dead(system: System) -> list[tuple[int, str, str]]:
    query = "select died_offset, reason, path from protected.dead_letters where died_topic = %s order by died_offset"
    return [(int(o), r, p) for o, r, p in system.rows(query, NAMESPACE + ENTRY)]


@pytest.mark.parametrize("place", range(len(POISON)), ids=[remark for _, _, remark in POISON])
def test_a_bad_record_is_one_dead_letter_with_a_reason(fate: dict[int, tuple[str, str]], place: int) -> None:
    reason, _path = fate[place]
    expected = POISON[place][1]
    assert reason == expected or (expected == "" and reason in {"not_avro", "invalid_field", "trailing_bytes"})


def test_every_poison_record_has_exactly_one_dead_letter_and_no_good_one_has(fate: dict[int, tuple[str, str]]) -> None:
    assert sorted(fate) == list(range(len(POISON)))


def test_no_process_died(system: System, fate: dict[int, tuple[str, str]]) -> None:
    assert fate
    for service in system.services.values():
        service.check()
