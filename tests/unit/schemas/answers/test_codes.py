"""Vague codes and values that no mapping could place, counted by field."""

import pytest

from schemas.answers.codes import coded, unmapped, values_at
from schemas.records import SafetyEvent
from schemas.records.parts import Medication, OriginalValue, Source
from schemas.records.people import Patient
from schemas.taxonomy import Category, Harm, IncorrectAction, Route, Setting, Sex
from tests.support.builders import crowded_event, safety_event


def kept(*fields: str) -> Source:
    return Source("S", "csv", "m v1", tuple(OriginalValue(field, f"written {n}") for n, field in enumerate(fields)))


def test_every_code_of_every_list_counts_and_vague_ones_are_marked() -> None:
    event = safety_event(
        categories=(Category.FALL, Category.OTHER),
        harm=Harm.UNKNOWN,
        patient=Patient(sex=Sex.FEMALE),
        medications=(
            Medication(incorrect_actions=(IncorrectAction.DOSE, IncorrectAction.OTHER), route_actual=Route.ORAL),
            Medication(route_actual=Route.OTHER),
        ),
    )
    assert sorted(coded(event)) == [
        ("categories", False),
        ("categories", True),
        ("harm", True),
        ("medications.incorrect_actions", False),
        ("medications.incorrect_actions", True),
        ("medications.route_actual", False),
        ("medications.route_actual", True),
        ("patient.sex", False),
        ("setting", False),
    ]


def test_an_event_without_answers_has_only_the_setting_that_nobody_gave() -> None:
    event = safety_event(categories=(), harm=None, setting=Setting.UNKNOWN)
    assert list(coded(event)) == [("setting", True)]


@pytest.mark.parametrize(
    ("event", "found", "remark"),
    [
        (safety_event(), [], "no source keeps nothing"),
        (safety_event(source=kept("harm")), [("harm", 1, 0)], "the value has a code"),
        (safety_event(source=kept("harm"), harm=None), [("harm", 1, 1)], "it was left out"),
        (safety_event(source=kept("harm"), harm=Harm.UNKNOWN), [("harm", 1, 1)], "it became unknown"),
        (safety_event(source=kept("event_date")), [("event_date", 1, 0)], "a date in another form is mapped"),
        (
            safety_event(source=kept("categories", "categories"), categories=(Category.FALL, Category.OTHER)),
            [("categories", 2, 1)],
            "one of the two, whichever",
        ),
        (
            safety_event(source=kept("categories"), categories=(Category.OTHER, Category.FALL)),
            [("categories", 1, 1)],
            "never more than were kept",
        ),
        (
            safety_event(source=kept("medications[0].stage", "medications[].stage"), medications=(Medication(),)),
            [("medications.stage", 2, 2)],
            "positions are left out",
        ),
        (safety_event(source=kept("no_such.field")), [("no_such.field", 1, 1)], "a field of another version is nowhere"),
    ],
)
def test_a_value_that_was_kept_is_unmapped_where_its_field_says_nothing(
    event: SafetyEvent, found: list[tuple[str, int, int]], remark: str
) -> None:
    assert list(unmapped(event)) == found, remark


def test_a_path_leads_into_every_item_of_a_list_and_nowhere_where_there_is_no_field() -> None:
    event = crowded_event()
    assert values_at(event, "medications[].generic_name") == ["heparin"]
    assert values_at(event, "contributing_factors") == ["fatigue", "Staffing on 6 North"]
    assert values_at(event, "patient.nothing") == values_at(safety_event(), "patient.family") == []
