"""Other words than tags are checked once more: a text that cannot be vouched for in its new words does not leave."""

from datetime import date

import pytest

from schemas.grades import Grade
from schemas.records.people import Patient
from stream_processors.domain.deidentification.engine import PATTERNS_ONLY, NarrativeEngine, PlainLayers, Redaction, Verdict
from stream_processors.domain.deidentification.known import Known, known_identifiers
from stream_processors.domain.deidentification.rewording import InventedNames, with_days
from tests.support.builders import safety_event

EVENT = date(2024, 5, 16)
NOBODY = safety_event(event_id="-", provider="-")
P1, P2 = Grade.P1, Grade.P2
DATED, NAMED = "Seen on 5/19/2024 by all.", "Dr. Qwertzmann was called."


class InDoubt(PlainLayers):
    """Sees something in every text that the grade forbids."""

    def are_in_doubt(self, result: str, known: Known, grade: Grade) -> bool:
        return True


class NamesSomebody(PlainLayers):
    """Reads somebody whom the record names in every text, but in no single word."""

    def holds_known(self, text: str, known: Known) -> bool:
        return " " in text


def redacted(text: str, grade: Grade, known: Known) -> Redaction:
    return PATTERNS_ONLY.redact(text, known, grade, {})


def days_told(layers: PlainLayers, **named: Patient) -> Redaction:
    known = known_identifiers(safety_event(event_id="-", provider="-", **named), P2)
    return with_days(DATED, redacted(DATED, P2, known), EVENT, known, layers)


def names_told(layers: PlainLayers) -> Redaction:
    known = known_identifiers(NOBODY, P1)
    return InventedNames("nms-1", known, layers, [NAMED]).instead_of_tags(NAMED, redacted(NAMED, P1, known))


def test_a_date_is_told_as_days_and_a_name_as_another() -> None:
    assert (days_told(PlainLayers()).text, days_told(PlainLayers()).verdict) == (
        "Seen on day +3 of event by all.",
        Verdict.RELEASE,
    )
    told = names_told(PlainLayers())
    assert told.verdict is Verdict.RELEASE
    assert told.text == "Dr. Kilburn was called."


def test_a_record_that_names_a_word_of_the_new_text_keeps_it_back() -> None:
    """Somebody is called Event: the words "day +3 of event" would say so."""
    assert days_told(PlainLayers(), patient=Patient(family="Event")) == Redaction(
        "", days_told(PlainLayers()).spans, Verdict.QUARANTINE
    )


@pytest.mark.parametrize("layers", [InDoubt(), NamesSomebody()], ids=["in doubt", "names somebody"])
def test_new_words_that_either_check_sees_something_in_do_not_leave(layers: PlainLayers) -> None:
    for told in (days_told(layers), names_told(layers)):
        assert (told.text, told.verdict) == ("", Verdict.QUARANTINE)


def test_a_tag_that_no_span_made_keeps_the_text_back() -> None:
    known = known_identifiers(NOBODY, P2)
    torn = Redaction("Seen on [DATE] by [DATE].", redacted(DATED, P2, known).spans, Verdict.RELEASE)
    assert with_days(DATED, torn, EVENT, known, NarrativeEngine().layers).verdict is Verdict.QUARANTINE
