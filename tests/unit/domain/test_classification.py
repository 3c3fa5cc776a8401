"""Classification: what words and blocks suggest, where the rules are silent, and which codes count in the end."""

import re
import time
from random import Random
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
from stream_processors.domain.classification.rules import CLASSIFIER, Text, classify
from stream_processors.domain.classification.vocabulary import CATEGORY_WORDS, HARM_WORDS, REPORT_TYPE_WORDS, Phrases
from tests.support.builders import accepted, classified, safety_event

C = Category


def advice(text: str = "", **changes: Any) -> Classification:
    narratives = (Narrative(NarrativeKind.DESCRIPTION, text),) if text else ()
    return classify(accepted(safety_event(narratives=narratives, **changes))).classification


def test_the_event_and_its_acceptance_go_on_unchanged() -> None:
    record = accepted(safety_event(narratives=(Narrative(NarrativeKind.DESCRIPTION, "The patient died."),)))
    after = classify(record)
    assert (after.event, after.acceptance) == (record.event, record.acceptance)
    assert after.classification.classifier == CLASSIFIER == "rules 1"


@pytest.mark.parametrize(
    ("text", "changes", "expected", "remark"),
    [
        ("", {}, (), "nothing said, nothing suggested"),
        ("The weather was fine.", {}, (), "no word of the list"),
        ("Patient was found on floor.", {}, (C.FALL,), "a phrase"),
        ("PATIENT FELL OUT OF BED", {}, (C.FALL,), "capitals"),
        ("He fell asleep.", {}, (), "to fall asleep is no fall"),
        ("The befell from", {}, (), "a word within a word"),
        ("Wrong dose given, then an unwitnessed fall.", {}, (C.FALL, C.MEDICATION), "two categories, in a fixed order"),
        ("", {"medications": (Medication(generic_name="heparin"),)}, (C.MEDICATION,), "the medication block"),
        ("", {"devices": (Device(kind="infusion pump"),)}, (C.DEVICE,), "the device block"),
        ("", {"devices": (Device(kind="EHR interface"),)}, (C.HEALTH_IT,), "a device that is software"),
        ("", {"devices": (Device(),)}, (C.DEVICE,), "a device of unknown kind"),
    ],
)
def test_categories_are_suggested(text: str, changes: dict[str, Any], expected: tuple[Category, ...], remark: str) -> None:
    assert advice(text, **changes).categories == expected, remark


@pytest.mark.parametrize(
    ("text", "expected", "remark"),
    [
        ("The patient died.", Harm.DEATH, "explicit"),
        ("The patient expired at night.", Harm.DEATH, "explicit"),
        ("The medication expired last month.", None, "things expire as well"),
        ("There was no harm to the patient.", Harm.NONE, "explicit"),
        ("The patient was uninjured.", Harm.NONE, "explicit"),
        ("No harm at first; then the patient died.", None, "two that contradict say nothing"),
        ("The patient was badly hurt.", None, "how badly is not ours to say"),
        ("", None, "no words"),
    ],
)
def test_harm_is_read_from_explicit_words_only(text: str, expected: Harm | None, remark: str) -> None:
    assert advice(text).harm is expected, remark


def test_no_harm_is_suggested_for_what_reached_nobody() -> None:
    assert advice("No harm was done.", report_type=ReportType.NEAR_MISS, harm=None).harm is None


@pytest.mark.parametrize(
    ("text", "changes", "expected", "remark"),
    [
        ("There was no injury.", {"harm": Harm.NONE}, False, "harm agrees"),
        ("There was no injury.", {"harm": Harm.SEVERE}, True, "harm disagrees"),
        ("There was no injury.", {"harm": Harm.UNKNOWN}, False, "the reporter does not know"),
        ("There was no injury.", {"harm": None}, False, "the reporter does not say"),
        ("It was a near miss.", {}, True, "the reporter calls it an incident"),
        ("It was a near miss.", {"report_type": ReportType.NEAR_MISS, "harm": None}, False, "they agree"),
        ("Patient fell to the ground.", {"categories": (C.FALL, C.OTHER)}, False, "one category in common"),
        ("Patient fell to the ground.", {"categories": (C.BLOOD,)}, True, "no category in common"),
        ("Patient fell to the ground.", {"categories": ()}, False, "nothing to contradict"),
    ],
)
def test_a_contradiction_asks_for_review(text: str, changes: dict[str, Any], expected: bool, remark: str) -> None:
    assert advice(text, **changes).needs_review is expected, remark


def test_a_hostile_narrative_costs_no_more_than_a_long_one() -> None:
    text = "the " * 50_000
    started = time.process_time()
    assert advice(text).categories == ()
    assert time.process_time() - started < 2.0


SAID = Classification("rules 1", ReportType.NEAR_MISS, (C.FALL,), Harm.DEATH)
SILENT = Classification("rules 1")


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


EVERY_PHRASES: list[Phrases] = [*CATEGORY_WORDS.values(), *HARM_WORDS.values(), *REPORT_TYPE_WORDS.values()]
_CHOICE = re.compile(r"\(\?:([^)]*)\)(\??)|\[([^]]*)\]|(.)(\??)")


def written(phrase: str, random: Random) -> str:
    """A text that a phrase of the vocabulary matches."""

    def one(match: re.Match[str]) -> str:
        alternatives = match[1].split("|") if match[1] else list(match[3] or match[4])
        left_out = (match[2] or match[5]) and random.random() < 0.5
        return "" if left_out else written(random.choice(alternatives), random) if match[1] else random.choice(alternatives)

    return _CHOICE.sub(one, phrase)


def top_level(pattern: str) -> list[str]:
    """The phrases of a pattern of the vocabulary."""
    return re.findall(r"(?:\(\?:[^)]*\)|[^|(])+", pattern.removeprefix(r"\b(?:").removesuffix(r")\b"))


@pytest.mark.parametrize("phrases", EVERY_PHRASES)
def test_a_text_in_which_a_phrase_is_found_is_never_passed_over(phrases: Phrases) -> None:
    random = Random(7)
    for phrase in top_level(phrases.pattern.pattern):
        for _ in range(40):
            text = f"Then {written(phrase, random)}."
            assert phrases.pattern.search(text), (phrase, text)
            for spelling in (
                text,
                text.upper(),
                text.replace("s", "\u017f"),
                text.replace("i", "\u0130").replace("k", "\u212a"),
            ):
                assert Text.of(spelling).says(phrases) is (phrases.pattern.search(spelling) is not None), spelling
