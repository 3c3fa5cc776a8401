"""P1: what 42 CFR 3.206(b)(4)(iv) lets go along, and nothing else."""

import pytest
from msgspec.structs import asdict, replace

from schemas.records.parts import Device, Medication
from schemas.taxonomy import Action, Category, Harm, NarrativeRelease, ProviderType, ReportType, Setting
from stream_processors.domain.deidentification.anonymized import anonymize
from stream_processors.domain.deidentification.engine import PATTERNS_ONLY
from tests.support.builders import classified, crowded_event, safety_event


def test_towns_states_zip_codes_and_dates_stay() -> None:
    after = anonymize(classified(crowded_event()), "e-1", "c-1")
    assert (after.event, after.contributor, after.revision, after.policy_version) == ("e-1", "c-1", 1, 3)
    assert (after.city, after.state, after.zip_code) == ("Ostrander", "OR", "97998")
    assert (after.event_date, after.discovery_date, after.report_date) == ("2024-05-16", "2024-05-17", "2024-05-17")
    assert after.patient is not None
    assert (after.patient.birth_date, after.patient.age_years) == ("1931-02-27", 93)
    assert (after.patient.city, after.patient.state, after.patient.zip_code) == ("Wexcombe", "WA", "98997")
    assert (after.patient.race, after.patient.ethnicity) == ("White", "Not Hispanic or Latino")


def test_codes_stay() -> None:
    after = anonymize(classified(crowded_event()), "e-1", "c-1")
    assert (after.provider_type, after.report_type) == (ProviderType.HOSPITAL, ReportType.INCIDENT)
    assert (after.categories, after.harm, after.setting) == ((Category.MEDICATION,), Harm.MILD, Setting.INPATIENT_UNIT)


def test_devices_leave_without_their_numbers_and_medications_whole() -> None:
    after = anonymize(classified(crowded_event()), "e-1", "c-1")
    [device], [medication] = after.devices, after.medications
    assert asdict(device) == {
        "kind": "infusion pump",
        "manufacturer": "Infusatron",
        "model": "IP 200",
        "software_version": "4.1",
    }
    assert medication == Medication(generic_name="heparin", brand_name="Hepalon", rxcui="5224", dose="5000 units")


def test_only_factors_of_the_list_leave() -> None:
    event = safety_event(contributing_factors=("Fatigue", "Staff on 6 North", "human-factors", "fatigue"))
    assert anonymize(classified(event), "e-1", "c-1").contributing_factors == ("fatigue", "human_factors")


@pytest.mark.parametrize("value", ["Oregon", "ZZ", "", "OR 97998", None])
def test_a_state_that_is_none_does_not_leave(value: str | None) -> None:
    event = crowded_event()
    assert event.facility is not None
    event = replace(event, facility=replace(event.facility, state=value))
    assert anonymize(classified(event), "e-1", "c-1").state is None


@pytest.mark.parametrize("value", ["9799", "97998-", "97998 Mercy", "٩٧٩٩٨", ""])
def test_a_zip_code_that_is_none_does_not_leave(value: str) -> None:
    event = crowded_event()
    assert event.facility is not None
    event = replace(event, facility=replace(event.facility, zip_code=value))
    assert anonymize(classified(event), "e-1", "c-1").zip_code is None


@pytest.mark.parametrize(
    ("device", "remark"),
    [
        (Device(model="IP 200 (Vandersloot)"), "the patient's name in a model"),
        (Device(model="SN0099881"), "the serial number in the wrong field"),
        (Device(model="asset 20481920"), "a number of somebody's inventory"),
        (Device(model="ask pump@site.example"), "an address"),
    ],
)
def test_a_label_that_holds_an_identifier_does_not_leave(device: Device, remark: str) -> None:
    event = crowded_event(devices=(replace(device, serial_number="SN0099881"),))
    assert anonymize(classified(event), "e-1", "c-1").devices[0].model is None, remark


def test_a_withdrawal_carries_the_manifest_and_nothing_else() -> None:
    event = crowded_event(action=Action.WITHDRAW, revision=2)
    after = anonymize(classified(event, narrative_release=NarrativeRelease.NONIDENTIFIED), "e-1", "c-1")
    said = {name: value for name, value in asdict(after).items() if value not in (None, (), Setting.UNKNOWN)}
    assert said.pop("manifest") == PATTERNS_ONLY.manifest
    assert said == {
        "event": "e-1",
        "revision": 2,
        "action": Action.WITHDRAW,
        "contributor": "c-1",
        "policy_version": 3,
        "test": False,
    }


LABELS = [
    ("infusion pump", True, "a kind of device"),
    (None, True, "nothing"),
    ("Vandersloot's pump", False, "the patient's name"),
    ("call 503-555-0143", False, "a telephone number of nobody's"),
    ("VmFuZGVyc2xvb3Q=", False, "the patient's name in base64, which is no word and has no shape"),
]


@pytest.mark.parametrize(("label", "leaves", "remark"), LABELS, ids=[one[-1] for one in LABELS])
def test_a_label_leaves_whole_or_not_at_all(label: str | None, leaves: bool, remark: str) -> None:
    event = crowded_event(devices=(Device(kind=label),))
    assert anonymize(classified(event), "e-1", "c-1").devices[0].kind == (label if leaves else None), remark
