"""What an event is counted by beside its cells."""

import msgspec
import pytest

from schemas.records import Classification, ClassifiedEvent
from schemas.records.flow import MedicationDetails
from schemas.records.parts import Device, Medication
from schemas.records.people import Facility, Patient
from schemas.records.values import Member
from schemas.taxonomy import Action, Category, IncorrectAction, MedicationStage
from stream_processors.domain.aggregation import contribution
from stream_processors.domain.deidentification.contributing_factors import FACTORS
from stream_processors.domain.deidentification.states import STATES
from stream_processors.domain.device_kinds import KINDS
from stream_processors.domain.members import members
from tests.support.builders import classified, crowded_event, safety_event

DOSE, RATE, DRUG = IncorrectAction.DOSE, IncorrectAction.RATE, IncorrectAction.DRUG
GIVEN, PRESCRIBED = MedicationStage.ADMINISTERING, MedicationStage.PRESCRIBING
ADVICE = MedicationDetails(stage=PRESCRIBED, incorrect_actions=(DRUG,))


def of(dimension: str, record: ClassifiedEvent) -> list[str]:
    return [member.removeprefix(f"{dimension}/") for member in members(record) if member.startswith(f"{dimension}/")]


@pytest.mark.parametrize(("state", "expected"), [("or ", "OR"), (None, "unknown"), ("Oregon", "unknown"), ("XX", "unknown")])
def test_an_event_has_the_one_state_of_its_facility_and_where_the_patient_lives_is_not_asked(
    state: str | None, expected: str
) -> None:
    event = safety_event(facility=Facility(state=state), patient=Patient(state="WA"))
    assert of("state", classified(event)) == [expected]
    assert of("state", classified(msgspec.structs.replace(event, facility=None))) == ["unknown"]


@pytest.mark.parametrize(
    ("medications", "advice", "expected", "remark"),
    [
        ((Medication(stage=GIVEN, incorrect_actions=(DOSE,)),), ADVICE, ["administering/dose"], "as the reporter coded it"),
        ((Medication(stage=GIVEN),), ADVICE, ["administering/drug"], "else as our advice says, part by part"),
        ((Medication(generic_name="heparin"),), ADVICE, ["prescribing/drug"], "nothing coded"),
        ((), None, ["unknown/unknown"], "nobody says anything"),
        ((Medication(incorrect_actions=(DOSE, RATE)),), None, ["unknown/dose", "unknown/rate"], "two actions"),
        (
            (Medication(stage=GIVEN, incorrect_actions=(DOSE,)), Medication(stage=GIVEN, incorrect_actions=(DOSE,))),
            None,
            ["administering/dose"],
            "two medications, one event",
        ),
    ],
)
def test_a_medication_event_counts_by_stage_and_incorrect_action(
    medications: tuple[Medication, ...], advice: MedicationDetails | None, expected: list[str], remark: str
) -> None:
    event = safety_event(categories=(Category.MEDICATION,), medications=medications)
    record = classified(event, Classification(classifier="rules 1", medication=advice))
    assert of("medication", record) == expected, remark


def test_medications_of_another_event_count_nowhere() -> None:
    event = safety_event(categories=(Category.FALL,), medications=(Medication(stage=GIVEN),))
    assert of("medication", classified(event)) == []


@pytest.mark.parametrize(
    ("category", "devices", "expected"),
    [
        (Category.DEVICE, (Device(kind="IV pump"), Device(kind="Ann's gadget")), ["infusion_pump", "other"]),
        (Category.FALL, (Device(kind="wheelchair"), Device(kind="walker")), ["mobility_aid"]),
        (Category.DEVICE, (), ["unknown"]),
        (Category.HEALTH_IT, (), ["unknown"]),
        (Category.FALL, (), []),
    ],
)
def test_an_event_counts_once_for_each_kind_of_device(
    category: Category, devices: tuple[Device, ...], expected: list[str]
) -> None:
    assert of("device", classified(safety_event(categories=(category,), devices=devices))) == expected


def test_a_factor_off_the_list_is_other_and_none_is_none() -> None:
    told = classified(safety_event(contributing_factors=("Human factors", "fatigue", "Staffing on 6 North", " ")))
    assert of("factor", told) == ["fatigue", "human_factors", "other"]
    assert of("factor", classified(safety_event())) == []


def test_no_word_of_an_event_becomes_a_member() -> None:
    event = crowded_event(devices=(Device(kind="Vandersloot pump"),), contributing_factors=("Raskolnik was tired",))
    found = members(classified(event))
    assert {"device/other", "factor/other"} <= set(found)
    assert not {"vandersloot", "raskolnik", "tired"} & {part.lower() for member in found for part in member.split("/")}


def test_every_member_that_the_rules_know_is_one_that_a_contribution_may_carry() -> None:
    words = [*STATES, *KINDS, *FACTORS, *MedicationStage, *IncorrectAction]
    msgspec.convert([f"dimension/{word}" for word in words], list[Member])
    assert contribution(classified(crowded_event())).members == members(classified(crowded_event()))


def test_a_withdrawal_has_no_member() -> None:
    assert contribution(classified(safety_event(action=Action.WITHDRAW))).members == ()
