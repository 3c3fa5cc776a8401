"""What explicit words say of a medication, and which serious events a reviewer is asked about."""

import pytest

from schemas.taxonomy import Category, DoseError, Harm, IncorrectAction, MedicationStage, Route
from stream_processors.domain.classification.medication_details import medication_details
from stream_processors.domain.classification.never_events import NeverEvent, never_events
from stream_processors.domain.classification.words import Spoken


def test_stage_action_dose_and_routes_are_read_from_words() -> None:
    found = medication_details(
        Spoken.of("the pharmacist dispensed the wrong strength; ten-fold overdose, infusion rather than po")
    )
    assert found is not None
    assert found.stage is MedicationStage.DISPENSING
    assert found.incorrect_actions == (IncorrectAction.DOSE, IncorrectAction.STRENGTH)
    assert found.doses == (DoseError.OVER,)
    assert found.routes == (Route.ORAL, Route.INTRAVENOUS)


def test_two_stages_are_no_stage() -> None:
    found = medication_details(Spoken.of("prescribed as daily and administered by the night nurse, wrong drug"))
    assert found is not None
    assert found.stage is None


def test_words_within_words_say_nothing() -> None:
    assert medication_details(Spoken.of("the patient improved and slept")) is None


@pytest.mark.parametrize(
    ("text", "categories", "harm", "expected", "remark"),
    [
        ("wrong site: incision on the wrong knee", (Category.SURGERY,), None, NeverEvent.WRONG_SITE, "whatever the harm"),
        ("retained sponge found", (Category.SURGERY,), Harm.NONE, NeverEvent.RETAINED_OBJECT, "likewise"),
        ("unstageable wound", (Category.PRESSURE_INJURY,), Harm.MODERATE, NeverEvent.PRESSURE_INJURY, "likewise"),
        ("fell", (Category.FALL,), Harm.DEATH, NeverEvent.FALL, "a fall with death"),
        ("fell", (Category.FALL,), Harm.MILD, None, "a fall without"),
        ("punched the aide", (Category.BEHAVIOR,), Harm.SEVERE, NeverEvent.ASSAULT, "with serious injury"),
        ("punched the aide", (Category.BEHAVIOR,), Harm.NONE, None, "without"),
    ],
)
def test_serious_events_are_asked_about(
    text: str, categories: tuple[Category, ...], harm: Harm | None, expected: NeverEvent | None, remark: str
) -> None:
    found = never_events(Spoken.of(text), categories, harm)
    assert (expected in found) if expected else found == (), remark
