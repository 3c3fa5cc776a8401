"""Classification: advice beside the reporter's codes, silence, evidence, review, and which codes count in the end."""

import time
from typing import Any

import pytest

from schemas.records import Classification
from schemas.records.parts import Device, Medication, Narrative
from schemas.taxonomy import Category, Harm, NarrativeKind, ReportType
from stream_processors.domain.classification.effective import (
    effective_categories,
    effective_harm,
    effective_report_type,
)
from tests.support.builders import accepted, classified, safety_event
from tests.support.classifiers import SHIPPED

C = Category


def advice(text: str = "", **changes: Any) -> Classification:
    narratives = (Narrative(NarrativeKind.DESCRIPTION, text),) if text else ()
    return SHIPPED.classify(accepted(safety_event(narratives=narratives, **changes))).classification


def test_the_event_and_its_acceptance_go_on_unchanged() -> None:
    record = accepted(safety_event(narratives=(Narrative(NarrativeKind.DESCRIPTION, "The patient died."),)))
    after = SHIPPED.classify(record)
    assert (after.event, after.acceptance) == (record.event, record.acceptance)
    assert after.classification.classifier == SHIPPED.name == "linear 2"


@pytest.mark.parametrize(
    ("text", "changes", "expected", "remark"),
    [
        ("", {}, (), "nothing said, nothing suggested"),
        ("  \n ", {}, (), "nor from blanks"),
        ("See attached.", {}, (), "too vague"),
        ("Patient found on the floor next to the bed, unwitnessed fall.", {}, (C.FALL,), "plain words"),
        ("PATIENT FELL OUT OF BED ONTO THE FLOOR", {}, (C.FALL,), "capitals"),
        ("Transfusion reaction during the second unit of packed red cells.", {}, (C.BLOOD,), "blood"),
        ("", {"medications": (Medication(generic_name="heparin"),)}, (C.MEDICATION,), "the medication block"),
        ("", {"devices": (Device(kind="infusion pump"),)}, (C.DEVICE,), "the device block"),
        ("", {"devices": (Device(kind="EHR interface"),)}, (C.HEALTH_IT,), "a device that is software"),
        ("", {"devices": (Device(),)}, (C.DEVICE,), "a device of unknown kind"),
    ],
)
def test_categories_are_suggested(text: str, changes: dict[str, Any], expected: tuple[Category, ...], remark: str) -> None:
    assert advice(text, **changes).categories == expected, remark


@pytest.mark.parametrize(
    "text",
    [
        "Resident fell, no injury at first, and died the next day.",
        "Wrong dose given. Minor bruise. Pronounced dead at 0415.",
        "Patient passed away; staff say no harm was done by the late dose.",
        "No symptoms, then stillbirth.",
    ],
)
def test_a_text_that_speaks_of_death_is_never_given_a_milder_harm(text: str) -> None:
    assert advice(text).harm in (None, Harm.DEATH)


def test_harm_is_advised_for_incidents_only() -> None:
    text = "Patient fell. Small bruise to the elbow, ice pack."
    assert advice(text).harm is not Harm.NOT_APPLICABLE
    assert advice(text, report_type=ReportType.NEAR_MISS, harm=None).harm is None


def test_silence_has_no_confidence_only_where_there_is_no_text() -> None:
    assert advice("").confidence is None
    confidence = advice("Call me.").confidence
    assert confidence is not None
    assert confidence.category <= 50


def test_evidence_points_at_words_of_the_text_and_holds_none_of_them() -> None:
    text = "At noon the patient fell out of bed. Denies pain, no injury."
    found = advice(text).evidence
    words = {text[one.start : one.end].lower() for one in found if one.output == "category"}
    assert "fell" in words
    assert all(one.narrative == 0 and 0 <= one.start < one.end <= len(text) for one in found)


def test_offsets_hold_where_small_letters_are_longer_than_capitals() -> None:
    text = "\u0130\u0130\u0130 patient fell out of bed onto the floor"
    words = {text[one.start : one.end] for one in advice(text).evidence if one.output == "category"}
    assert "fell" in words


@pytest.mark.parametrize(
    ("text", "changes", "expected", "remark"),
    [
        (
            "Patient fell out of bed onto the floor. No injury.",
            {"harm": Harm.UNKNOWN, "categories": ()},
            False,
            "the reporter does not know",
        ),
        ("Near miss: caught before it reached the patient, not given.", {}, True, "the reporter calls it an incident"),
        ("Patient fell out of bed onto the floor.", {"categories": (C.FALL, C.OTHER)}, False, "one category in common"),
        ("Patient fell out of bed onto the floor.", {"categories": (C.BLOOD,)}, True, "no category in common"),
        ("Patient fell out of bed onto the floor.", {"categories": ()}, False, "nothing to contradict"),
    ],
)
def test_a_contradiction_asks_for_review(text: str, changes: dict[str, Any], expected: bool, remark: str) -> None:
    assert advice(text, **changes).needs_review is expected, remark


def test_the_same_record_always_gets_the_same_advice() -> None:
    text = "Heparin ran at twice the rate for three hours, extra labs only."
    assert advice(text) == advice(text)


@pytest.mark.parametrize("text", ["the " * 50_000, "a" * 200_000, "died " * 40_000, "?" * 200_000, "\u0130" * 100_000])
def test_a_hostile_narrative_costs_no_more_than_a_long_one(text: str) -> None:
    started = time.process_time()
    advice(text)
    assert time.process_time() - started < 2.0


SAID = Classification("linear 1", ReportType.NEAR_MISS, (C.FALL,), Harm.DEATH)
SILENT = Classification("linear 1")


@pytest.mark.parametrize(
    ("changes", "advised", "categories", "harm", "remark"),
    [
        ({}, SAID, (C.MEDICATION,), Harm.MILD, "the reporter's own codes stand"),
        ({"categories": (), "harm": None}, SAID, (C.FALL,), Harm.DEATH, "else ours"),
        ({"categories": (), "harm": None}, SILENT, (C.OTHER,), Harm.UNKNOWN, "else that nothing is known"),
        ({"harm": Harm.UNKNOWN}, SAID, (C.MEDICATION,), Harm.UNKNOWN, "who says unknown has spoken"),
        ({"categories": (C.FALL, C.BLOOD, C.FALL)}, SAID, (C.FALL, C.BLOOD), Harm.MILD, "each category once"),
        (
            {"report_type": ReportType.NEAR_MISS, "harm": None},
            SAID,
            (C.MEDICATION,),
            Harm.NOT_APPLICABLE,
            "no harm to speak of",
        ),
        (
            {"report_type": ReportType.UNSAFE_CONDITION, "harm": Harm.NONE},
            SAID,
            (C.MEDICATION,),
            Harm.NOT_APPLICABLE,
            "nor here",
        ),
    ],
)
def test_the_codes_that_count(
    changes: dict[str, Any], advised: Classification, categories: tuple[Category, ...], harm: Harm, remark: str
) -> None:
    record = classified(safety_event(**changes), advised)
    assert effective_categories(record) == categories, remark
    assert effective_harm(record) is harm, remark
    assert effective_report_type(record) is record.event.report_type, remark
