"""Aggregation: what an event counts as, and what the fold says."""

from typing import Any

import pytest

from schemas.records import Cell, Contribution
from schemas.taxonomy import Action, Category, Harm, ProviderType, ReportType, Setting
from stream_processors.domain.aggregation import Counts, contribution, fold, outputs
from tests.support.builders import classified, safety_event


def cell(category: Category = Category.FALL, **changes: Any) -> Cell:
    values: dict[str, Any] = {
        "harm": Harm.MILD,
        "report_type": ReportType.INCIDENT,
        "month": "2024-05",
        "provider_type": ProviderType.HOSPITAL,
        "setting": Setting.INPATIENT_UNIT,
    }
    return Cell(category, **(values | changes))


def said(revision: int, *cells: Cell, event_id: str = "e1", provider: str = "p1", **changes: Any) -> Contribution:
    values = {"policy_version": 1, "withdrawn": False} | changes
    return Contribution(provider=provider, event_id=event_id, revision=revision, cells=cells, **values)


def held(counts: Counts) -> dict[tuple[Cell, str], int]:
    return {(tally.cell, tally.contributor): tally.count for tally in counts.tallies() if tally.count}


def test_an_event_counts_once_in_every_category() -> None:
    record = contribution(classified(safety_event(categories=(Category.MEDICATION, Category.FALL, Category.MEDICATION))))
    assert [c.category for c in record.cells] == [Category.FALL, Category.MEDICATION]
    assert (record.provider, record.event_id, record.revision) == ("prv-8f3k2m", "evt-20240517-0031", 1)
    assert (record.policy_version, record.withdrawn) == (3, False)
    assert record.cells[0] == cell()


def test_a_withdrawal_counts_nowhere() -> None:
    record = contribution(classified(safety_event(action=Action.WITHDRAW, revision=4)))
    assert (record.withdrawn, record.cells, record.revision) == (True, (), 4)


@pytest.mark.parametrize(
    ("dates", "expected", "remark"),
    [
        (("2024-05-16", "2024-06-01", "2024-07-01"), "2024-05", "the event's own month"),
        (("2024-05", None, None), "2024-05", "known to the month"),
        ((None, "2024-06-01", "2024-07-01"), "2024-06", "else that of discovery"),
        ((None, None, "2024-07-01"), "2024-07", "else that of the report"),
        (("2023", "2024-02-01", "2024-02-01"), "unknown", "what happened in 2023 did not happen in February 2024"),
        ((None, None, None), "unknown", "nobody knows"),
    ],
)
def test_the_month_is_that_of_the_first_date_there_is(dates: tuple[str | None, ...], expected: str, remark: str) -> None:
    event = safety_event(event_date=dates[0], discovery_date=dates[1], report_date=dates[2])
    assert contribution(classified(event)).cells[0].month == expected, remark


@pytest.mark.parametrize("report_type", [ReportType.NEAR_MISS, ReportType.UNSAFE_CONDITION])
def test_what_reached_nobody_counts_without_harm(report_type: ReportType) -> None:
    event = safety_event(report_type=report_type, harm=Harm.NONE)
    assert contribution(classified(event)).cells[0].harm is Harm.NOT_APPLICABLE


def test_a_correction_replaces_what_the_event_counted_before() -> None:
    counts = Counts()
    fold(counts, [said(1, cell()), said(2, cell(harm=Harm.DEATH))])
    assert held(counts) == {(cell(harm=Harm.DEATH), "p1"): 1}


A, B = cell(Category.FALL), cell(Category.BLOOD)


@pytest.mark.parametrize(
    ("records", "expected", "remark"),
    [
        ([said(1, A), said(1, A)], {(A, "p1"): 1}, "a duplicate changes nothing"),
        ([said(2, B), said(1, A)], {(B, "p1"): 1}, "a late older revision changes nothing"),
        ([said(1, A), said(2, withdrawn=True)], {}, "a withdrawal leaves every count"),
        ([said(2, withdrawn=True), said(1, A)], {}, "also when it arrives first"),
        ([said(2, withdrawn=True), said(3, A)], {(A, "p1"): 1}, "a higher report revives the event"),
        ([said(1, A, policy_version=2), said(1, B)], {(A, "p1"): 1}, "the newer policy decides between equal revisions"),
        ([said(1, withdrawn=True), said(1, A)], {}, "then the withdrawal"),
        ([said(1, A), said(1, B)], {(A, "p1"): 1}, "then the greater cells, as text: fall/ over blood/"),
        ([said(1, B), said(1, A)], {(A, "p1"): 1}, "whatever the order"),
        ([said(1, A, B), said(1, B, A)], {(A, "p1"): 1, (B, "p1"): 1}, "the order of cells says nothing"),
        ([said(1, A, A)], {(A, "p1"): 1}, "a cell named twice counts once"),
        ([said(1, A), said(1, A, event_id="e2")], {(A, "p1"): 2}, "two events"),
        ([said(1, A), said(1, A, provider="p2")], {(A, "p1"): 1, (A, "p2"): 1}, "ids of events are the provider's own"),
    ],
)
def test_the_latest_contribution_of_each_event_counts(
    records: list[Contribution], expected: dict[tuple[Cell, str], int], remark: str
) -> None:
    counts = Counts()
    fold(counts, records)
    assert held(counts) == expected, remark


def test_what_is_touched_is_said_absolute_and_with_zeros() -> None:
    counts = Counts()
    fold(counts, [said(1, A)])
    touched = fold(counts, [said(2, B)])
    assert [(o.cell, o.contributor, o.partition, o.count, o.version) for o in outputs(counts, touched, 3, 41)] == [
        (B, "p1", 3, 1, 41),
        (A, "p1", 3, 0, 41),
    ]


@pytest.mark.parametrize("again", [said(2, B), said(1, A)], ids=["a duplicate", "a stale revision"])
def test_what_changes_nothing_is_said_again(again: Contribution) -> None:
    counts = Counts()
    fold(counts, [said(1, A), said(2, B)])
    assert [tally.cell for tally in fold(counts, [again])] == list(again.cells)


def test_it_knows_how_many_events_it_holds() -> None:
    counts = Counts()
    fold(counts, [said(1, A), said(2, A), said(1, A, event_id="e2"), said(1, A, provider="p2")])
    assert len(counts) == 3
