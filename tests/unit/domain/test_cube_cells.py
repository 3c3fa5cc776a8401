"""In which cells of the cubes an event counts."""

import pytest

from schemas import cubes
from schemas.records import Classification, ClassifiedEvent
from schemas.records.flow import MedicationDetails
from schemas.records.parts import Device, Medication
from schemas.records.people import Facility, Patient
from schemas.taxonomy import Category, IncorrectAction, MedicationStage
from stream_processors.domain.cube_cells import cube_cells
from tests.support.builders import classified, crowded_event, safety_event

DOSE, RATE, DRUG = IncorrectAction.DOSE, IncorrectAction.RATE, IncorrectAction.DRUG
GIVEN, PRESCRIBED = MedicationStage.ADMINISTERING, MedicationStage.PRESCRIBING
ADVICE = MedicationDetails(stage=PRESCRIBED, incorrect_actions=(DRUG,))


def cells(cube: cubes.Cube, record: ClassifiedEvent) -> list[str]:
    return [cell.removeprefix(f"{cube.name}/") for cell in cube_cells(record) if cell.startswith(f"{cube.name}/")]


def test_every_event_is_in_one_cell_of_the_first_cube_however_many_categories_it_has() -> None:
    record = classified(safety_event(categories=(Category.MEDICATION, Category.FALL), facility=Facility(state="or ")))
    assert cells(cubes.EVENT, record) == ["mild/incident/OR/2024-05"]
    assert cells(cubes.STATE, record) == ["fall/mild/OR/2024-05", "medication/mild/OR/2024-05"]


@pytest.mark.parametrize("state", [None, "Oregon", "XX"])
def test_a_state_that_is_no_state_is_unknown_and_where_the_patient_lives_is_not_asked(state: str | None) -> None:
    record = classified(safety_event(facility=Facility(state=state), patient=Patient(state="WA")))
    assert cells(cubes.EVENT, record) == ["mild/incident/unknown/2024-05"]


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
    assert cells(cubes.MEDICATION, record) == [f"{cell}/mild/2024-05" for cell in expected], remark


def test_medications_of_another_event_count_nowhere() -> None:
    event = safety_event(categories=(Category.FALL,), medications=(Medication(stage=GIVEN),))
    assert cells(cubes.MEDICATION, classified(event)) == []


@pytest.mark.parametrize(
    ("category", "devices", "expected"),
    [
        (Category.DEVICE, (Device(kind="IV pump"), Device(kind="Ann's gadget")), ["infusion_pump", "other"]),
        (Category.FALL, (Device(kind="wheelchair"), Device(kind="walker")), ["mobility_aid"]),
        (Category.DEVICE, (), ["unknown"]),
        (Category.FALL, (), []),
    ],
)
def test_an_event_counts_once_for_each_kind_of_device(
    category: Category, devices: tuple[Device, ...], expected: list[str]
) -> None:
    record = classified(safety_event(categories=(category,), devices=devices))
    assert cells(cubes.DEVICE, record) == [f"{kind}/{category}/mild/2024-05" for kind in expected]


def test_a_factor_off_the_list_is_other_and_none_is_none() -> None:
    told = classified(safety_event(contributing_factors=("Human factors", "fatigue", "Staffing on 6 North", " ")))
    factors = [cell.partition("/")[0] for cell in cells(cubes.FACTOR, told)]
    assert factors == ["fatigue", "human_factors", "other"]
    assert cells(cubes.FACTOR, classified(safety_event())) == []


def test_no_word_of_an_event_becomes_part_of_a_cell() -> None:
    event = crowded_event(devices=(Device(kind="Vandersloot pump"),), contributing_factors=("Raskolnik was tired",))
    assert cells(cubes.DEVICE, classified(event)) == [
        f"other/{category}/{event.harm}/2024-05" for category in sorted(event.categories)
    ]
    assert not {"vandersloot", "raskolnik", "tired"} & {
        part for cell in cube_cells(classified(event)) for part in cell.split("/")
    }


def test_a_cell_is_read_back_as_its_cube_and_members() -> None:
    for cell in cube_cells(classified(crowded_event())):
        cube, members = cubes.members(cell)
        assert cube.cell(*members) == cell


@pytest.mark.parametrize("cell", ["", "fall/mild", "state/fall/mild/OR", "county/fall/mild/OR/2024-05"])
def test_what_is_no_cell_of_a_known_cube_is_refused(cell: str) -> None:
    with pytest.raises(ValueError, match="not a cell of a known cube"):
        cubes.members(cell)


def test_a_cell_needs_every_member_of_its_cube() -> None:
    with pytest.raises(ValueError, match="4 dimensions, not 1"):
        cubes.STATE.cell("fall")
