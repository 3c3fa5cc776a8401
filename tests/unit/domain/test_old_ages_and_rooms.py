"""Bare ages over 89 go, and so do clock times and weekdays beside a date; scores, readings and rooms stay."""

import pytest

from schemas.grades import Grade
from stream_processors.domain.deidentification.engine import NarrativeEngine
from stream_processors.domain.deidentification.layers import PROPAGATION, TAGGER
from stream_processors.domain.deidentification.spans import Span
from stream_processors.domain.deidentification.tagging import full_engine, said_again
from stream_processors.domain.deidentification.texts import KnownPatient, KnownRecord, LooseText, redacted

KNOWN = KnownRecord(patient=KnownPatient(family="Vandersloot"))


@pytest.fixture(scope="module")
def engine() -> NarrativeEngine:
    return full_engine()


@pytest.mark.parametrize(
    ("text", "expected", "remark"),
    [
        ("Mrs. Vandersloot, 94, fell.", "Mrs. [NAME-1], [AGE], fell.", "behind a name"),
        ("Vandersloot, 101, fell.", "[NAME-1], [AGE], fell.", "three digits"),
        ("Mrs. Vandersloot, 89, fell.", "Mrs. [NAME-1], 89, fell.", "89 is no age over 89"),
        ("Seen: 93F with a fall.", "Seen: [AGE]F with a fall.", "before the sex"),
        ("GCS 15, SpO2 94%, BP 120/95.", "GCS 15, SpO2 94%, BP 120/95.", "readings stay"),
        ("Moved from room 12B to OR 3.", "Moved from room 12B to OR 3.", "rooms and theatres stay"),
    ],
)
def test_what_goes_and_what_stays(engine: NarrativeEngine, text: str, expected: str, remark: str) -> None:
    assert redacted(LooseText("1", text, KNOWN), Grade.P2, engine).text == expected, remark


def test_a_name_that_stands_in_words_only_goes_by_the_tagger(engine: NarrativeEngine) -> None:
    text = "Nurse Okonjo called Dr. Raskolnik about the dose of heparin."
    result = redacted(LooseText("1", text), Grade.P2, engine).text
    assert "Okonjo" not in result
    assert "Raskolnik" not in result
    assert "heparin" in result


def test_dates_and_towns_stay_in_an_anonymized_text(engine: NarrativeEngine) -> None:
    text = "Nurse Okonjo saw her in Portland on 3/4/2024."
    result = redacted(LooseText("1", text), Grade.P1, engine).text
    assert "Okonjo" not in result
    assert "3/4/2024" in result


def test_a_name_goes_wherever_it_is_said_again_unless_it_is_an_ordinary_word() -> None:
    text = "Nurse Okonjo left. okonjo came back with a rose for Rose."
    spans = [Span(6, 12, "NAME", "a"), Span(52, 56, "NAME", "b")]
    again = {text[s.start : s.end]: s.layers for s in said_again(text, spans, frozenset({"rose"}))}
    assert again == {"Okonjo": TAGGER, "okonjo": PROPAGATION}, "where it was found first it is no propagation"
