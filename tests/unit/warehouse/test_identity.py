"""The identity of a submitted record is that of the whole record, and any bytes give one or none."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from schemas.catalogue import bundled
from schemas.codec import Codec
from schemas.records import SafetyEvent
from stream_processors.runtime.identity import Identities
from tests.support.builders import accepted, crowded_event, safety_event

CODEC = Codec(bundled())
IDENTITIES = Identities(bundled())


@pytest.mark.parametrize("event", [safety_event(), crowded_event(revision=2_000_000_000)], ids=["plain", "crowded"])
def test_the_identity_is_read_without_the_rest(event: SafetyEvent) -> None:
    value = CODEC.encode(event)
    assert IDENTITIES.of(value) == (event.provider, event.event_id, event.revision)
    assert IDENTITIES.of(value[:-1]) == IDENTITIES.of(value)


@pytest.mark.parametrize(
    "value",
    [
        None,
        b"",
        b"\0\0\0\0\x01",  # a frame without a record
        b"\x01" + CODEC.encode(safety_event())[1:],  # no frame
        CODEC.encode(accepted()),  # another record
        CODEC.encode(safety_event(event_id="nul\0inside")),  # an id that no row can hold
        CODEC.encode(safety_event())[:20],  # cut inside the identity
    ],
)
def test_what_does_not_begin_like_an_event_has_none(value: bytes | None) -> None:
    assert IDENTITIES.of(value) is None


@given(some.binary(max_size=200))
def test_any_bytes_behind_the_frame_give_an_identity_or_none(rest: bytes) -> None:
    found = IDENTITIES.of(b"\0\0\0\0\x01" + rest)
    assert found is None or (isinstance(found[2], int) and "\0" not in found[0] + found[1])
