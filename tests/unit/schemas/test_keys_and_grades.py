"""Which record goes where: keys, partitions, and the order of protection."""

import hashlib
import itertools

import pytest

from schemas import keys
from schemas.grades import Grade
from schemas.records import Cell, CellCount, Contribution, SafetyEvent, Signal
from schemas.taxonomy import Action, Category, Harm, ProviderType, ReportType, Setting
from schemas.topics import COUNTS_CHANGED

CELL = Cell(Category.FALL, Harm.MILD, ReportType.INCIDENT, "2026-03", ProviderType.HOSPITAL, Setting.INPATIENT_UNIT)


def test_every_revision_of_an_event_has_one_key() -> None:
    first = SafetyEvent("E1", 1, Action.REPORT, "prv-a", ReportType.INCIDENT)
    third = SafetyEvent("E1", 3, Action.WITHDRAW, "prv-a", ReportType.INCIDENT)
    assert keys.of_event(first) == keys.of_event(third) == "prv-a|E1"


def test_no_two_events_share_a_key_because_an_id_cannot_hold_the_bar() -> None:
    one = SafetyEvent("b-c", 1, Action.REPORT, "prv-a", ReportType.INCIDENT)
    other = SafetyEvent("c", 1, Action.REPORT, "prv-a-b", ReportType.INCIDENT)
    assert keys.of_event(one) != keys.of_event(other)


def test_counts_of_one_pattern_meet_in_one_partition_whoever_contributes() -> None:
    of_a, of_b = (CellCount(CELL, contributor, 0, 1, 1) for contributor in ("prv-a", "prv-b"))
    assert COUNTS_CHANGED.partition_by is not None
    assert COUNTS_CHANGED.partition_by(of_a) == COUNTS_CHANGED.partition_by(of_b) == "fall/mild"
    assert keys.of_count(of_a) != keys.of_count(of_b)


def test_a_contribution_from_before_there_were_members_keeps_its_key() -> None:
    digest = hashlib.sha256(b"False" + CELL.key.encode()).hexdigest()[:16]
    assert keys.of_contribution(Contribution("prv-a", "E1", 2, 3, False, (CELL,))) == f"prv-a|E1|2|3|{digest}"


def test_a_signal_has_the_key_of_its_pattern_whether_raised_or_taken_back() -> None:
    raised, back = (
        Signal("pooled/1", Category.FALL, Harm.MILD, "2026-03", 3, 3, raised, 1, version)
        for raised, version in ((True, 7), (False, 9))
    )
    assert keys.of_signal(raised) == keys.of_signal(back) == "pooled/1|fall/mild/2026-03|1"


@pytest.mark.parametrize(
    ("text", "partitions", "expected"), [("123456789", 2**32, 0xCBF43926), ("fall/mild", 12, 11), ("", 12, 0)]
)
def test_a_partition_never_moves(text: str, partitions: int, expected: int) -> None:
    # The first row is the check value of CRC-32 (ISO 3309).
    # Counts that lie in the topic were placed by this function: another answer would split their patterns.
    assert keys.partition_of(text, partitions) == expected


def test_partitions_are_all_used() -> None:
    patterns = [f"{category}/{harm}" for category, harm in itertools.product(Category, Harm)]
    assert {keys.partition_of(pattern, 12) for pattern in patterns} == set(range(12))


ORDER = (Grade.P0, Grade.P1, Grade.P3, Grade.P2, Grade.A)


@pytest.mark.parametrize(("one", "other"), [*itertools.product(ORDER, ORDER)])
def test_protection_grows_from_the_aggregate_to_the_identified(one: Grade, other: Grade) -> None:
    assert one.is_less_protected_than(other) == (ORDER.index(one) > ORDER.index(other))


def test_every_grade_has_a_warehouse_schema_of_its_own() -> None:
    assert len({grade.schema for grade in Grade}) == len(Grade)
