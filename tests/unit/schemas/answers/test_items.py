"""What an event is asked depends on what it is; an answer is a value that says something."""

import pytest
from msgspec.structs import replace

from schemas.answers.items import ASKED, ITEMS, REQUIRED
from schemas.records import SafetyEvent
from schemas.records.parts import Device, Medication, Narrative
from schemas.records.people import Patient, Reporter
from schemas.taxonomy import Category, Harm, MedicationStage, NarrativeKind, ReportType, Setting, Sex
from tests.support.builders import crowded_event, safety_event

BY_PATH = {item.path: item for item in ITEMS}
HAZARD = safety_event(report_type=ReportType.UNSAFE_CONDITION, harm=None)


def test_each_field_is_asked_once_and_what_the_formats_require_weighs_double() -> None:
    assert len(BY_PATH) == len(ITEMS)
    for item in ITEMS:
        assert item.weight == (REQUIRED if item.source.endswith((", R", "please specify")) else ASKED), item.path


@pytest.mark.parametrize(
    ("path", "event", "asked", "remark"),
    [
        ("harm", safety_event(), True, "an incident has residual harm (LOINC 74560-4)"),
        ("harm", HAZARD, False, "what reached nobody harmed nobody"),
        ("patient.age_years", HAZARD, False, "an unsafe condition has no patient"),
        ("category_other", safety_event(), False, "only other is to be specified"),
        ("category_other", safety_event(categories=(Category.OTHER,)), True, "A66: please specify"),
        ("medications.stage", safety_event(), True, "the event is one of medication"),
        ("medications.stage", safety_event(categories=(Category.FALL,)), False, "a fall has no process stage"),
        ("devices.kind", safety_event(categories=(Category.DEVICE, Category.FALL)), True, "one category of two is enough"),
        ("reporter.role", safety_event(reporter=Reporter(anonymous=True)), False, "DE33: who stays anonymous is not asked"),
        ("reporter.role", safety_event(), True, "no reporter is no anonymous one"),
    ],
)
def test_a_question_is_asked_of_whom_it_concerns(path: str, event: SafetyEvent, asked: bool, remark: str) -> None:
    assert BY_PATH[path].asked(event) is asked, remark


@pytest.mark.parametrize(
    ("path", "event", "answered", "remark"),
    [
        ("harm", safety_event(harm=Harm.UNKNOWN), False, "unknown is no answer"),
        ("harm", safety_event(harm=Harm.NONE), True, "no harm is an answer"),
        ("patient.age_years", safety_event(patient=Patient(age_years=0)), True, "a newborn has an age"),
        ("patient.age_years", safety_event(patient=Patient(birth_date="1931")), True, "the year of birth says it, too"),
        ("patient.age_years", safety_event(patient=Patient(family="Quill")), False, "a name is no age"),
        ("patient.sex", safety_event(patient=Patient(sex=Sex.UNKNOWN)), False, "unknown is no answer"),
        ("setting", safety_event(setting=Setting.UNKNOWN), False, "the default says nothing"),
        ("setting", safety_event(setting=Setting.UNKNOWN, unit="6 North"), True, "DE18 asks for words"),
        ("narratives", safety_event(narratives=(Narrative(NarrativeKind.DESCRIPTION, " "),)), False, "a blank is no word"),
        ("narratives", safety_event(narratives=(Narrative(NarrativeKind.FINDINGS, "x"),)), False, "findings are not DE15"),
        (
            "medications.stage",
            safety_event(medications=(Medication(stage=MedicationStage.UNKNOWN), Medication(stage=MedicationStage.STORING))),
            True,
            "one medication of two is enough",
        ),
        ("devices.manufacturer", safety_event(devices=(Device(kind="pump"),)), False, "a kind is no manufacturer"),
    ],
)
def test_an_answer_says_something(path: str, event: SafetyEvent, answered: bool, remark: str) -> None:
    assert BY_PATH[path].answered(event) is answered, remark


def test_a_crowded_event_answers_all_but_what_it_was_not_given() -> None:
    event = replace(crowded_event(), categories=(Category.FALL,))
    left = {item.path for item in ITEMS if item.asked(event) and not item.answered(event)}
    assert left == {"reporter.role", "harm_assessed"}
