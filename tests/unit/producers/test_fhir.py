"""FHIR AdverseEvent R4 and R5: as a resource, a Bundle and NDJSON; what cannot be read is a fault of its own line."""

import io
import json
from typing import Any

import pytest

from producers.mapping_file import load_mapping
from producers.readers.fhir import MOST_BYTES, read_fhir
from producers.readers.outcome import Fault, Origin, Outcome, Read, Reason
from schemas.records import SafetyEvent

MAPPING = load_mapping("fhir-adverse-event")
PATIENT = {
    "resourceType": "Patient", "id": "p", "name": [{"family": "Null", "given": ["Ada", "M"]}], "birthDate": "1931-02-27",
    "gender": "female", "telecom": [{"system": "phone", "value": "555-0100"}],
    "identifier": [{"value": "acc-1"}, {"type": {"coding": [{"code": "MR"}]}, "value": "0044719"}],
    "address": [{"line": ["1 Main St"], "city": "Tyler", "state": "TX", "postalCode": "75701"}],
}  # fmt: skip
R4: dict[str, Any] = {
    "resourceType": "AdverseEvent", "id": "a1", "identifier": {"system": "urn:x", "value": "INC 7"}, "actuality": "actual",
    "category": [{"coding": [{"code": "wrong-dose"}]}], "event": {"text": "Ten times the dose"},
    "subject": {"reference": "#p"}, "contained": [PATIENT], "date": "2024-05-16T21:40:00-05:00", "detected": "2024-05-17",
    "recordedDate": "2024-05-18T08:00:00Z", "location": {"display": "6 North"}, "outcome": {"coding": [{"code": "resolved"}]},
    "severity": {"coding": [{"code": "moderate"}]}, "recorder": {"display": "B. Clerk"},
    "suspectEntity": [{"instance": {"display": "heparin"}}, {"instance": {"reference": "Device/d", "display": "pump"}}],
}  # fmt: skip
R5: dict[str, Any] = {
    "resourceType": "AdverseEvent", "status": "completed", "actuality": "potential", "subject": {"reference": "Patient/p"},
    "identifier": [{"value": "INC 8"}], "category": [{"coding": [{"code": "medication-mishap"}]}, {"text": "noise"}],
    "code": {"coding": [{"code": "x", "display": "Look-alike vials"}]}, "occurrenceDateTime": "2024-05",
    "suspectEntity": [{"instanceCodeableConcept": {"text": "vincristine"}}], "outcome": [{"coding": [{"code": "ongoing"}]}],
    "contributingFactor": [{"itemCodeableConcept": {"text": "storage"}}], "note": [{"text": "Seen twice."}],
    "mitigatingAction": [{"itemCodeableConcept": {"text": "Moved apart."}}],
}  # fmt: skip


def read(data: Any) -> list[Outcome]:
    raw = data if isinstance(data, bytes) else json.dumps(data).encode()
    return list(read_fhir(io.BytesIO(raw), MAPPING, Origin("prv-1", "epic-main")))


def event_of(data: Any) -> SafetyEvent:
    (outcome,) = read(data)
    assert isinstance(outcome, Read), outcome
    return outcome.event


def told(outcomes: list[Outcome]) -> list[tuple[Any, ...]]:
    return [(o.row, o.column, o.reason) if isinstance(o, Fault) else (o.row, o.event.external_ids[0].value) for o in outcomes]


def test_r4_becomes_the_event() -> None:
    event = event_of(R4)
    assert (event.report_type, event.categories, event.revision, event.action) == ("incident", ("medication",), 1, "report")
    assert (event.event_date, event.event_time) == ("2024-05-16", "21:40")
    assert (event.discovery_date, event.report_date, event.unit) == ("2024-05-17", "2024-05-18", "6 North")
    assert (event.harm, event.harm_original, event.harm_scale) == ("unknown", "resolved", "other")
    assert [one.generic_name for one in event.medications] == ["heparin"]
    assert [one.kind for one in event.devices] == ["pump"]
    assert event.narratives[0].text == "Ten times the dose"
    patient = event.patient
    assert patient is not None
    assert (patient.family, patient.given, patient.medical_record_number) == ("Null", "Ada M", "0044719")
    assert (patient.sex, patient.birth_date, patient.zip_code) == ("female", "1931-02-27", "75701")
    assert event.reporter is not None
    assert event.reporter.family == "B. Clerk"


def test_r5_becomes_the_event() -> None:
    event = event_of(R5)
    assert (event.report_type, event.categories, event.event_date) == ("near_miss", ("medication", "other"), "2024-05")
    assert [one.generic_name for one in event.medications] == ["vincristine"]
    assert event.contributing_factors == ("storage",)
    assert [(one.kind, one.text) for one in event.narratives] == [
        ("description", "Look-alike vials"), ("immediate_action", "Moved apart."), ("other", "Seen twice."),
    ]  # fmt: skip
    assert event.source is not None
    assert ("categories[]", "noise") in {(one.field, one.value) for one in event.source.original}


CHANGES = [
    ({"subject": {"reference": "Group/nobody"}, "actuality": "potential"}, {"report_type": "unsafe_condition"}, "no patient"),
    ({"meta": {"versionId": "3"}}, {"revision": 3, "action": "correct"}, "a later version corrects"),
    ({"status": "entered-in-error", "meta": {"versionId": "2"}}, {"action": "withdraw"}, "entered in error is withdrawn"),
    ({"outcome": {"coding": [{"code": "fatal"}]}}, {"harm": "death"}, "fatal"),
    ({"outcome": {"text": "Well"}}, {"harm": "unknown", "harm_original": "Well"}, "an outcome in words"),
    ({"extension": [{"url": "urn:x", "valueString": "y"}]}, {"report_type": "incident"}, "extensions are passed over"),
]


@pytest.mark.parametrize(("change", "expected"), [row[:2] for row in CHANGES], ids=[row[2] for row in CHANGES])
def test_elements_mean_what_fhir_says(change: dict[str, Any], expected: dict[str, Any]) -> None:
    event = event_of({**R4, **change})
    assert {name: getattr(event, name) for name in expected} == expected


def test_a_bundle_joins_its_resources_whatever_their_order() -> None:
    entries: list[dict[str, Any]] = [
        {"resource": R5},
        {"fullUrl": "urn:uuid:1", "resource": PATIENT},
        {"resource": {**R4, "contained": []}},
    ]
    entries[2]["resource"]["subject"] = {"reference": "urn:uuid:1"}
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    for layout in (json.dumps(bundle, indent=2), json.dumps(bundle)):
        first, second = read(layout.encode())
        assert isinstance(first, Read)
        assert isinstance(second, Read)
        assert first.event.patient is not None
        assert second.event.patient is not None
        assert (first.event.patient.family, second.event.patient.family) == ("Null", "Null")
        assert (first.row, second.row) == (1, 3)


GOOD = json.dumps(R4).encode()
FAULTY = [
    (b'{"resourceType": "Patient"}', (1, "resourceType", Reason.NOT_ALLOWED), "another resource"),
    (b'{"resourceType": "Bundle"}', (1, "resourceType", Reason.NOT_ALLOWED), "an empty Bundle"),
    (b'{"resourceType": "AdverseEvent", "actuality": 1}', (1, "actuality", Reason.INVALID), "a number for a code"),
    (b'{"resourceType": "AdverseEvent"}', (1, "actuality", Reason.MISSING), "nothing said"),
    (b'{"a": }', (1, "", Reason.NOT_JSON), "no JSON"),
    (GOOD.replace(b"6 North", b"6 N\xffrth"), (1, "", Reason.BAD_UTF8), "no UTF-8"),
    (b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", (1, "", Reason.TOO_DEEP), "without bottom"),
    (GOOD.replace(b"6 North", b"6\\u0000North"), (1, "", Reason.CONTROL_CHARACTER), "a NUL"),
    (GOOD.replace(b'"id"', b'"modifierExtension": [{}], "id"'), (1, "modifierExtension", Reason.NOT_ALLOWED), "modified"),
    (GOOD.replace(b"2024-05-17", b"yesterday "), (1, "detected", Reason.INVALID), "no date"),
]


@pytest.mark.parametrize(("line", "expected"), [row[:2] for row in FAULTY], ids=[row[2] for row in FAULTY])
def test_a_faulty_line_is_told_and_the_next_one_read(line: bytes, expected: tuple[int, str, Reason]) -> None:
    assert told(read(line + b"\n" + GOOD + b"\n")) == [expected, (2, "INC 7")]


def test_an_overlong_document_is_refused_and_an_empty_one_is_nothing() -> None:
    assert told(read(b'{\n"a": "' + b"x" * MOST_BYTES + b'"}')) == [(1, "", Reason.TOO_LONG)]
    assert read(b"") == read(b"\n\n") == []
