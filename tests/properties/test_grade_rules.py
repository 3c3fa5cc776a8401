"""The table of rules and the disclosures say the same: a field changes an output if and as its rule says, and not otherwise."""

from collections.abc import Callable, Mapping
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import msgpack
from msgspec.structs import asdict, replace

from schemas.grades import Grade
from schemas.records import AnonymizedEvent, ClassifiedEvent, NonidentifiedEvent, Record
from schemas.taxonomy import Action, NarrativeDates, NarrativeRelease, ReportType, Setting
from stream_processors.domain.deidentification.anonymized import anonymize
from stream_processors.domain.deidentification.engine import PATTERNS_ONLY
from stream_processors.domain.deidentification.nonidentified import nonidentify
from stream_processors.domain.deidentification.rules import Output, output_of, rules_of
from stream_processors.domain.deidentification.rules_applied import leaf_paths, permitted
from stream_processors.domain.deidentification.rules_treatments import Rule, Treatment
from tests.support.leaves import leaf, with_leaf
from tests.support.marked_events import SENTENCES, ZIP_CODES, marked, marked_event, value_for

Disclosed = AnonymizedEvent | NonidentifiedEvent
DISCLOSE: Mapping[Grade, Callable[[ClassifiedEvent, str, str], Disclosed]] = {Grade.P1: anonymize, Grade.P2: nonidentify}
RULES = {(path, grade): rule for grade in DISCLOSE for path, rule in rules_of(output_of(grade)).items()}
PATHS = tuple(leaf_paths(ClassifiedEvent))


def of(*treatments: Treatment) -> list[tuple[str, Grade]]:
    """The fields with one of these treatments, by grade."""
    return [place for place, rule in RULES.items() if rule.treatment in treatments]


def each(*treatments: Treatment) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(("path", "grade"), of(*treatments), ids=str)


few = settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
seeds = st.integers(0, 2**32).map(Random)


def changed(event: ClassifiedEvent, path: str, value: Any) -> ClassifiedEvent:
    after = with_leaf(event, path, value, lambda kind: marked(kind, Random(0)))
    assert isinstance(after, ClassifiedEvent)
    return after


def disclosed(event: ClassifiedEvent, grade: Grade) -> Disclosed:
    return DISCLOSE[grade](event, "sur-event", "sur-contributor")


def octets(record: Record) -> bytes:
    return msgpack.encode(record)


def two_values(path: str, random: Random) -> tuple[Any, Any]:
    """Different ones."""
    first, second = value_for(path, random), value_for(path, random)
    while first == second:
        second = value_for(path, random)
    return first, second


RELATIVE = (("acceptance.narrative_dates", NarrativeDates.RELATIVE), ("event.event_date", "2024-05-16"))
# What must be said or silent elsewhere so that a field is told at all.
TOLD_WHERE: Mapping[str, tuple[tuple[str, Any], ...]] = {
    "event.harm": (("event.report_type", ReportType.INCIDENT),),
    "classification.harm": (("event.report_type", ReportType.INCIDENT), ("event.harm", None)),
    "classification.categories[]": (("event.categories", ()),),
    "event.facility.zip_code": (("event.facility.state", "OR"),),
    "event.discovery_date": RELATIVE,
    "event.report_date": RELATIVE,
}


def told(event: ClassifiedEvent, path: str) -> ClassifiedEvent:
    for where, value in TOLD_WHERE.get(path, ()):
        event = changed(event, where, value)
    return event


def test_every_field_of_an_event_has_a_rule_in_every_output_and_no_rule_is_of_another_field() -> None:
    for output in Output:
        assert set(rules_of(output)) == set(PATHS), output


def test_every_field_of_an_output_comes_from_a_field_with_a_rule_and_every_rule_leads_to_one() -> None:
    for grade, kind in ((Grade.P1, AnonymizedEvent), (Grade.P2, NonidentifiedEvent)):
        assert {rule.becomes for (_, g), rule in RULES.items() if g is grade and rule.becomes} == {
            path
            for path in leaf_paths(kind)
            if not path.startswith("manifest.")  # says how it was made, nothing of the event
        }


def test_what_is_kept_leads_somewhere_and_what_is_dropped_nowhere_and_all_name_a_paragraph_and_a_reason() -> None:
    nowhere = {Treatment.DROP, Treatment.DECIDES, Treatment.NOT_RELEASED}
    for output in Output:
        for path, rule in rules_of(output).items():
            assert bool(rule.becomes) is (rule.treatment not in nowhere), path
            assert rule.paragraph == "none" or rule.paragraph.startswith(("42 CFR 3.", "45 CFR 164.514")), path
            assert rule.reason.endswith("."), path


def test_outputs_that_this_version_does_not_make_release_nothing() -> None:
    for output in (Output.ACCREDITOR, Output.P3):
        assert {rule.treatment for rule in rules_of(output).values()} == {Treatment.NOT_RELEASED}
    assert not Treatment.NOT_RELEASED.is_seen


def test_only_single_events_of_the_grades_that_leave_have_an_output() -> None:
    assert [output_of(grade) for grade in (Grade.P1, Grade.P2, Grade.P3)] == [Output.P1, Output.P2, Output.P3]
    for grade in (Grade.P0, Grade.A):
        with pytest.raises(ValueError):
            output_of(grade)


@each(Treatment.DROP, Treatment.SURROGATE)
@few
@given(seeds)
def test_a_field_that_is_dropped_or_replaced_changes_no_byte(path: str, grade: Grade, random: Random) -> None:
    event = marked_event(random)
    first, second = (disclosed(changed(event, path, value), grade) for value in two_values(path, random))
    assert octets(first) == octets(second)


@each(Treatment.DROP)
@few
@given(seeds)
def test_a_field_that_is_dropped_is_not_even_seen(path: str, grade: Grade, random: Random) -> None:
    event = marked_event(random)
    first, second = (permitted(changed(event, path, value), grade) for value in two_values(path, random))
    assert first == second


@each(Treatment.SURROGATE)
def test_a_surrogate_stands_where_the_table_says(path: str, grade: Grade) -> None:
    record = disclosed(marked_event(Random(5)), grade)
    expected = {"event.event_id": "sur-event", "event.provider": "sur-contributor"}
    assert leaf(record, RULES[path, grade].becomes) == expected[path]
    assert leaf(permitted(marked_event(Random(5)), grade), path) == ""


@each(Treatment.KEEP, Treatment.KEEP_IF_CLEAN, Treatment.NARRATIVE_ENGINE)
@few
@given(seeds)
def test_a_field_that_is_kept_is_there_unchanged(path: str, grade: Grade, random: Random) -> None:
    event, rule = told(marked_event(random), path), RULES[path, grade]
    for value in two_values(path, random):
        if value is not Action.WITHDRAW:
            assert leaf(disclosed(changed(event, path, value), grade), rule.becomes) == value


IDENTIFYING = ("Mrs. Wollstonebury", "call 503-555-0143", "wollstonebury")


@each(Treatment.KEEP_IF_CLEAN)
@few
@given(seeds, st.sampled_from(IDENTIFYING))
def test_a_label_with_an_identifier_is_lost_whole(path: str, grade: Grade, random: Random, label: str) -> None:
    event = changed(marked_event(random), "event.patient.family", "Wollstonebury")
    record = disclosed(changed(event, path, label), grade)
    assert leaf(record, RULES[path, grade].becomes) is None
    assert b"ollstonebury" not in octets(record)


@each(Treatment.KEEP_IF_CLEAN)
@few
@given(seeds)
def test_a_label_that_is_a_number_of_the_event_is_lost(path: str, grade: Grade, random: Random) -> None:
    event = changed(marked_event(random), "event.patient.medical_record_number", "33647")
    assert leaf(disclosed(changed(event, path, "33647"), grade), RULES[path, grade].becomes) is None


YEARS = [("2024-05-16", "2024-11-02", 2024), ("2023", "2023-01", 2023), ("1999-12-31", "1999-01-01", 1999)]
AGES: list[tuple[int, int, str]] = [(0, 0, "0"), (45, 45, "45"), (89, 89, "89"), (90, 130, "90+"), (91, 104, "90+")]
CODES = [("OR", " or ", "OR"), ("PR", "pr", "PR"), ("Oregon", "97998 Mercy", None), ("ZZ", "", None)]
FACTORS = [
    ("fatigue", "Fatigue!", "fatigue"),
    ("human_factors", "Human-Factors", "human_factors"),
    ("Ann Lee", "6 North", None),
]
ZIPS: list[tuple[str, str, str | None]] = [
    *((zip_code, f"{zip_code[:3]}55-6789", prefix) for zip_code, prefix in ZIP_CODES.items()),
    ("9799", "336475555", None),
]
DAYS: list[tuple[str, str, int | None]] = [
    ("2024-05-19", "2024-05-19", 3),
    ("2024-05-14", "2024-05-14", -2),
    ("2024-05", "2024", None),  # known less than to the day
    ("2024-08-15", "1931-02-27", None),  # 91 days away, and a lifetime
]
GENERALISED: Mapping[tuple[str, Grade], list[tuple[Any, Any, Any]]] = {
    ("event.event_date", Grade.P2): YEARS,
    ("event.patient.age_years", Grade.P2): AGES,
    ("event.patient.state", Grade.P1): CODES,
    ("event.discovery_date", Grade.P2): DAYS,
    ("event.report_date", Grade.P2): DAYS,
    ("event.facility.state", Grade.P1): CODES,
    ("event.facility.state", Grade.P2): CODES,
    ("event.facility.zip_code", Grade.P2): ZIPS,
    ("event.contributing_factors[]", Grade.P1): FACTORS,
    ("event.contributing_factors[]", Grade.P2): FACTORS,
}


def test_every_field_that_is_generalised_has_values_to_test() -> None:
    assert set(GENERALISED) == set(of(Treatment.GENERALISE))


@each(Treatment.GENERALISE)
@few
@given(seeds, st.data())
def test_of_a_field_that_is_generalised_only_the_general_form_is_there(
    path: str, grade: Grade, random: Random, data: st.DataObject
) -> None:
    first, second, general = data.draw(st.sampled_from(GENERALISED[path, grade]))
    event = told(marked_event(random), path)
    one, other = (disclosed(changed(event, path, value), grade) for value in (first, second))
    assert leaf(one, RULES[path, grade].becomes) == general
    assert octets(one) == octets(other)


@few
@given(seeds)
def test_zip3_goes_only_beside_its_state(random: Random) -> None:
    event = changed(marked_event(random), "event.facility.zip_code", "33647")
    for state in (None, "Florida"):
        record = nonidentify(changed(event, "event.facility.state", state), "e", "c")
        assert (record.state, record.zip3) == (None, None)


@pytest.mark.parametrize("grade", DISCLOSE)
@few
@given(seeds)
def test_the_release_of_narratives_changes_nothing_else(grade: Grade, random: Random) -> None:
    path = "acceptance.narrative_release"
    event = changed(marked_event(random), "event.narratives[].text", SENTENCES[0])
    outcomes = {value: disclosed(changed(event, path, value), grade) for value in NarrativeRelease}
    assert len({octets(replace(record, narratives=())) for record in outcomes.values()}) == 1
    released = {value for value, record in outcomes.items() if record.narratives}
    wanted = {NarrativeRelease.NONIDENTIFIED} | ({NarrativeRelease.ANONYMIZED} if grade is Grade.P1 else set())
    assert released == wanted


@pytest.mark.parametrize("grade", DISCLOSE)
@few
@given(seeds)
def test_a_withdrawal_carries_nothing_but_what_names_its_revision(grade: Grade, random: Random) -> None:
    event = changed(marked_event(random), "event.action", Action.WITHDRAW)
    said = {name: value for name, value in asdict(disclosed(event, grade)).items() if value not in (None, (), Setting.UNKNOWN)}
    assert said.pop("manifest") == PATTERNS_ONLY.manifest
    assert said == {
        "event": "sur-event",
        "revision": event.event.revision,
        "action": Action.WITHDRAW,
        "contributor": "sur-contributor",
        "policy_version": event.acceptance.policy_version,
        "test": event.acceptance.test,
    }


@pytest.mark.parametrize("grade", DISCLOSE)
@few
@given(seeds)
def test_every_part_leaves_in_its_place_and_none_is_made_up(grade: Grade, random: Random) -> None:
    event = marked_event(random)
    record = disclosed(event, grade)
    assert len(record.devices) == len(event.event.devices)
    assert [one.stage for one in record.medications] == [one.stage for one in event.event.medications]
    assert [one.kind for one in record.narratives] == [one.kind for one in event.event.narratives]
    seen = permitted(event, grade).event
    assert (seen.source, seen.reporter, seen.providers, seen.external_ids) == (None, None, (), ())
    assert (seen.patient is None, seen.facility is None) == (event.event.patient is None, event.event.facility is None)


@pytest.mark.parametrize("grade", [Grade.P0, Grade.P3, Grade.A])
def test_no_event_is_seen_for_a_grade_into_which_none_leaves(grade: Grade) -> None:
    with pytest.raises(KeyError):
        permitted(marked_event(Random(1)), grade)


def test_a_rule_is_a_value() -> None:
    assert Rule(Treatment.DROP, "none", "Why.") == Rule(Treatment.DROP, "none", "Why.", "")
