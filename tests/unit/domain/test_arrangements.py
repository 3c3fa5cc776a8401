"""Arrangements: what a file may say, and that every fault of it is said at once."""

import pytest

from schemas.taxonomy import Category, NarrativeRelease, ProviderType, ReportType
from schemas.topics import EVENTS_ACCEPTED, submitted
from stream_processors.domain.arrangements import InvalidArrangements, parse_arrangements
from stream_processors.domain.validation import validate
from tests.support.builders import ARRANGEMENTS_FILE, arrangements, safety_event

WHOLE = """
[[arrangement]]
id = "arr-1"
provider = "prv-1"
provider_type = "hospital"
policy_version = 1
in_force_from = 2024-01-01
"""


def test_an_arrangement_is_found_by_the_entry_topic_that_stands_for_it() -> None:
    found = arrangements().of(submitted("arr-c41x"))
    assert (found.provider, found.provider_type, found.policy_version) == ("prv-t5w9aa", ProviderType.PHARMACY, 1)
    assert (found.in_force_from, found.in_force_until) == ("2024-03-01", "2025-02-28")
    assert found.report_types == {ReportType.INCIDENT, ReportType.NEAR_MISS}
    assert found.categories == {Category.MEDICATION, Category.HEALTH_IT}
    assert found.narrative_release is NarrativeRelease.ANONYMIZED


def test_what_is_not_said_is_the_widest_scope_and_the_narrowest_release() -> None:
    [found] = parse_arrangements(WHOLE).by_topic.values()
    assert found.report_types == set(ReportType)
    assert found.categories == set(Category)
    assert found.narrative_release is NarrativeRelease.NONE
    assert found.in_force_until is None
    assert not found.test


def test_a_test_arrangement_says_so_and_so_does_everything_accepted_under_it() -> None:
    [found] = parse_arrangements(WHOLE + "test = true\n").by_topic.values()
    event = safety_event(provider="prv-1")
    assert found.test
    assert validate(event, found).acceptance.test
    [real] = parse_arrangements(WHOLE).by_topic.values()
    assert not validate(event, real).acceptance.test


def test_whether_an_arrangement_is_a_test_is_no_matter_of_words() -> None:
    with pytest.raises(InvalidArrangements) as raised:
        parse_arrangements(WHOLE + 'test = "yes"\n')
    assert [fault.place for fault in raised.value.faults] == ["arrangement[0].test"]


def test_ids_and_entries_keep_the_order_of_the_file() -> None:
    found = arrangements()
    assert found.ids == ("arr-7k2q", "arr-c41x", "arr-m9d0")
    assert [topic.name for topic in found.entries] == [f"pso-events-submitted-{name}" for name in found.ids]


def test_a_topic_that_is_no_entry_has_no_arrangement() -> None:
    with pytest.raises(KeyError):
        arrangements().of(EVENTS_ACCEPTED)


def test_a_date_may_be_a_toml_date_or_text() -> None:
    assert parse_arrangements(WHOLE) == parse_arrangements(WHOLE.replace("2024-01-01", '"2024-01-01"'))


@pytest.mark.parametrize(
    ("changes", "place", "remark"),
    [
        ({'id = "arr-1"\n': ""}, "arrangement[0].id", "a needed field is not there"),
        ({"arr-1": "Arr 1"}, "arrangement[0].id", "a topic name has no spaces"),
        ({"arr-1": "arr.1"}, "arrangement[0].id", "dots and underscores collide in Kafka's metric names"),
        ({"arr-1": "arr-dead"}, "arrangement[0].id", "the entry topic would be somebody's dead letters"),
        ({"arr-1": "a" * 65}, "arrangement[0].id", "too long for a topic name with a prefix"),
        ({"prv-1": "prv|1"}, "arrangement[0].provider", "| separates the parts of a Kafka key"),
        ({"hospital": "spital"}, "arrangement[0].provider_type", "no provider of 42 CFR 3.20"),
        ({"policy_version = 1": "policy_version = 0"}, "arrangement[0].policy_version", "versions begin with 1"),
        ({"policy_version = 1": 'policy_version = "1"'}, "arrangement[0].policy_version", "text is no number"),
        ({"2024-01-01": '"2024-02-30"'}, "arrangement[0].in_force_from", "no day of the calendar"),
        ({"2024-01-01": "2024-01-01T10:00:00Z"}, "arrangement[0].in_force_from", "an instant is no day"),
        ({"2024-01-01": "2024-01-01\nin_force_until = 2023-12-31"}, "arrangement[0].in_force_until", "ends before it begins"),
        ({"2024-01-01": "2024-01-01\nreport_types = []"}, "arrangement[0].report_types", "a scope of nothing"),
        ({"2024-01-01": '2024-01-01\ncategories = ["falls"]'}, "arrangement[0].categories", "no such category"),
        ({"2024-01-01": '2024-01-01\nnarrative_release = "all"'}, "arrangement[0].narrative_release", "no such release"),
        ({"2024-01-01": '2024-01-01\nnarrative_dates = "none"'}, "arrangement[0].narrative_dates", "no such manner"),
        ({"2024-01-01": '2024-01-01\nnarrative_dates = "shift"'}, "arrangement[0].narrative_dates", "for P3 alone"),
        ({"2024-01-01": '2024-01-01\nnarrative_names = "none"'}, "arrangement[0].narrative_names", "no such manner"),
        ({"2024-01-01": "2024-01-01\nscope = 1"}, "arrangement[0].scope", "a field that nobody reads"),
        ({"[[arrangement]]": "[[arrangements]]"}, "arrangements", "a table that nobody reads"),
        ({WHOLE: ""}, "arrangement", "a PSO without arrangements receives nothing"),
        ({"[[arrangement]]": "[arrangement]"}, "arrangement", "one table is no list of tables"),
        ({"prv-1": 'prv-1" "'}, "file", "no TOML"),
    ],
)
def test_a_fault_is_refused_with_its_place(changes: dict[str, str], place: str, remark: str) -> None:
    text = WHOLE
    for old, new in changes.items():
        text = text.replace(old, new)
    with pytest.raises(InvalidArrangements) as refused:
        parse_arrangements(text)
    assert [fault.place for fault in refused.value.faults] == [place], remark


def test_every_fault_is_said_at_once() -> None:
    text = WHOLE.replace("hospital", "spital").replace("= 1", "= -1") + WHOLE.replace('provider = "prv-1"\n', "")
    with pytest.raises(InvalidArrangements) as refused:
        parse_arrangements(text)
    assert [fault.place for fault in refused.value.faults] == [
        "arrangement[0].provider_type",
        "arrangement[0].policy_version",
        "arrangement[1].provider",
        "arrangement[1].id",
    ]
    assert str(refused.value).count("\n") == 3


@pytest.mark.parametrize("name", ["id", "provider"])
def test_one_id_and_one_provider_stand_for_one_arrangement(name: str) -> None:
    other = "provider" if name == "id" else "id"
    twice = WHOLE + WHOLE.replace("prv-1" if other == "provider" else "arr-1", "else-2")
    with pytest.raises(InvalidArrangements) as refused:
        parse_arrangements(twice)
    assert [str(fault) for fault in refused.value.faults] == [f"arrangement[1].{name}: is that of arrangement[0]"]


def test_the_invented_file_parses() -> None:
    assert len(parse_arrangements(ARRANGEMENTS_FILE.read_text()).by_topic) == 3


def test_dates_that_are_moved_are_refused_with_the_paragraph_that_forbids_them_in_p1_and_p2() -> None:
    with pytest.raises(InvalidArrangements, match=r"P3 .*3\.212\(a\)\(1\).*164\.514\(b\)\(1\)"):
        parse_arrangements(WHOLE.replace("2024-01-01", '2024-01-01\nnarrative_dates = "shift"'))


def test_tags_and_years_are_what_an_arrangement_says_that_says_nothing() -> None:
    (found,) = parse_arrangements(WHOLE).by_topic.values()
    assert (found.narrative_dates, found.narrative_names) == ("safe_harbor", "tags")
