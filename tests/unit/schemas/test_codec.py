"""The frame around a record, the reasons why bytes are none, and what the errors keep to themselves."""

import msgspec
import pytest

from schemas.catalogue import bundled
from schemas.codec import Codec, Undecodable, Unencodable
from schemas.records import Contribution, SafetyEvent
from schemas.taxonomy import Action, ReportType

CATALOGUE = bundled()
CODEC = Codec(CATALOGUE)
EVENT = SafetyEvent("E1", 1, Action.REPORT, "prv-8f3k2m", ReportType.INCIDENT)
OCTETS = CODEC.encode(EVENT)
CANARY = "Zanzibar-Quillfeather"


def test_a_frame_is_a_zero_and_the_schemas_id_in_four_bytes() -> None:
    assert OCTETS[:5] == b"\0" + CATALOGUE.ids[SafetyEvent].to_bytes(4, "big")


REASONS: list[tuple[bytes | None, str, str]] = [
    (None, "empty", "a tombstone"),
    (b"", "empty", "no bytes"),
    (OCTETS[:4], "empty", "less than a frame"),
    (b"\x01" + OCTETS[1:], "not_framed", "another magic byte"),
    (b'{"event_id": "E1"}', "not_framed", "JSON"),
    (b"\0\0\0\0\x63" + OCTETS[5:], "unknown_schema", "an id of nobody's"),
    (b"\0" + CATALOGUE.ids[Contribution].to_bytes(4, "big") + OCTETS[5:], "unexpected_record", "another record's id"),
    (OCTETS[:-1], "not_avro", "cut off"),
    (OCTETS + b"\0", "trailing_bytes", "a byte too many"),
    (OCTETS[:5] + b"\0" + OCTETS[8:], "invalid_field", "an empty event id"),
]


@pytest.mark.parametrize(("value", "reason", "remark"), REASONS, ids=[row[2] for row in REASONS])
def test_bytes_that_are_no_record_have_a_reason(value: bytes | None, reason: str, remark: str) -> None:
    with pytest.raises(Undecodable) as caught:
        CODEC.decode(value, SafetyEvent)
    assert caught.value.reason == reason, remark


def test_an_invalid_field_is_named() -> None:
    with pytest.raises(Undecodable) as caught:
        CODEC.decode(CODEC.encode(msgspec.structs.replace(EVENT, event_date=CANARY)), SafetyEvent)
    assert (caught.value.reason, caught.value.path) == ("invalid_field", "event_date")
    assert str(caught.value) == "invalid_field event_date"


@pytest.mark.parametrize("change", [{"action": CANARY}, {"unit": f"{CANARY}\ud800"}, {"revision": CANARY}], ids=str)
def test_a_record_that_has_no_bytes_names_its_type_and_no_value(change: dict[str, object]) -> None:
    with pytest.raises(Unencodable) as caught:
        CODEC.encode(msgspec.structs.replace(EVENT, **change))
    error = caught.value
    assert str(error) == "SafetyEvent"
    assert error.__cause__ is None
    assert error.__context__ is None
    assert CANARY not in repr(vars(error)) + repr(error.args)
