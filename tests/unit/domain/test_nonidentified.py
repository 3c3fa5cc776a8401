"""P2: what 42 CFR 3.212(a)(2) and 45 CFR 164.514(b)(2) leave of an event."""

import pytest
from msgspec.structs import asdict, replace

from schemas.records.parts import Device, Medication
from schemas.records.people import Patient
from schemas.taxonomy import Action, NarrativeRelease, Setting, Sex
from stream_processors.domain.deidentification.ages import age_group
from stream_processors.domain.deidentification.engine import PATTERNS_ONLY
from stream_processors.domain.deidentification.nonidentified import nonidentify
from stream_processors.domain.deidentification.states import STATES, state
from tests.support.builders import classified, crowded_event, safety_event


def test_of_places_the_state_stays_and_of_dates_the_year() -> None:
    after = nonidentify(classified(crowded_event()), "e-1", "c-1")
    assert (after.event, after.contributor) == ("e-1", "c-1")
    assert (after.state, after.event_year, after.age, after.sex) == ("OR", 2024, "90+", Sex.FEMALE)


def test_no_string_of_the_record_is_a_date_a_time_a_town_or_a_zip_code() -> None:
    after = nonidentify(classified(crowded_event()), "e-1", "c-1")
    text = repr(after)
    for gone in ("2024-05", "05-16", "21:40", "1931", "Ostrander", "Wexcombe", "97998", "98997"):
        assert gone not in text


def test_the_year_is_that_of_the_event_and_of_nothing_else() -> None:
    assert nonidentify(classified(safety_event(event_date=None)), "e-1", "c-1").event_year is None
    assert nonidentify(classified(safety_event(event_date="2023")), "e-1", "c-1").event_year == 2023


@pytest.mark.parametrize(
    ("years", "expected"), [(None, None), (0, "0"), (45, "45"), (89, "89"), (90, "90+"), (91, "90+"), (130, "90+")]
)
def test_ages_over_89_are_one_group(years: int | None, expected: str | None) -> None:
    assert age_group(years) == expected
    event = safety_event(patient=Patient(age_years=years))
    assert nonidentify(classified(event), "e-1", "c-1").age == expected


def test_there_are_56_states_and_territories() -> None:
    assert len(STATES) == 56
    assert state(" pr ") == "PR"
    assert state("Puerto Rico") is None
    assert state(None) is None


def test_makers_models_and_medications_stay() -> None:
    after = nonidentify(classified(crowded_event()), "e-1", "c-1")
    assert (after.devices[0].manufacturer, after.devices[0].model) == ("Infusatron", "IP 200")
    assert after.medications[0] == Medication(generic_name="heparin", brand_name="Hepalon", rxcui="5224", dose="5000 units")


@pytest.mark.parametrize(
    ("version", "remark"),
    [
        ("build 2024-03", "a date in a version"),
        ("10.2.3.4", "four numbers cannot be told from an address"),
        ("Wexcombe site", "a town in a version"),
    ],
)
def test_a_label_that_holds_what_p2_forbids_does_not_leave(version: str, remark: str) -> None:
    event = crowded_event(devices=(Device(software_version=version),))
    assert nonidentify(classified(event), "e-1", "c-1").devices[0].software_version is None, remark


@pytest.mark.parametrize(
    ("rxcui", "expected"),
    [("1049502", "1049502"), ("4471902", None), ("RX-1", None), ("12345678", "12345678"), ("123456789", None), ("٥٢٢٤", None)],
)
def test_an_rxcui_leaves_if_it_is_one_and_no_number_of_this_patient(rxcui: str, expected: str | None) -> None:
    event = crowded_event(medications=(Medication(rxcui=rxcui),))
    assert nonidentify(classified(event), "e-1", "c-1").medications[0].rxcui == expected


def test_a_withdrawal_carries_the_manifest_and_nothing_else() -> None:
    event = replace(crowded_event(), action=Action.WITHDRAW, revision=2)
    after = nonidentify(classified(event, narrative_release=NarrativeRelease.NONIDENTIFIED), "e-1", "c-1")
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
