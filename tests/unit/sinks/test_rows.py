"""A row says what the record says, and no more than its grade may hold."""

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from schemas.grades import Grade
from schemas.headers import Death, Pairs, Position, Trail
from schemas.records import Cell, Classification, Contribution, NonidentifiedEvent, Record
from schemas.records.flow import Restriction
from schemas.restrictions import DatePrecision, Passing
from schemas.taxonomy import Action, Category, Harm, NarrativeRelease, ProviderType, ReportType, Setting
from schemas.topics import INTERNAL
from stream_processors.domain.deidentification.anonymized import anonymize
from stream_processors.domain.deidentification.engine import PATTERNS_ONLY
from stream_processors.domain.deidentification.nonidentified import nonidentify
from stream_processors.shapes import Arrival, Sink
from stream_processors.sinks import classifications, contributions, disclosed_events, event_revisions
from stream_processors.sinks import dead_letters as dead
from stream_processors.sinks.classifications import CLASSIFICATIONS
from stream_processors.sinks.contributions import CONTRIBUTIONS
from stream_processors.sinks.disclosed_events import ANONYMIZED_EVENTS, NONIDENTIFIED_EVENTS
from stream_processors.sinks.event_revisions import EVENT_REVISIONS
from stream_processors.sinks.signals import SIGNALS
from tests.support.builders import accepted, classified, crowded_event, safety_event

SINKS = (
    EVENT_REVISIONS,
    CLASSIFICATIONS,
    ANONYMIZED_EVENTS,
    NONIDENTIFIED_EVENTS,
    CONTRIBUTIONS,
    SIGNALS,
    dead.dead_letters(topic.dead_letters for topic in INTERNAL),
)
ORIGIN = Position("entry", 2, 17)
DIED = Position("accepted", 1, 5)


def arrival(pairs: Pairs | None = None) -> Arrival:
    return Arrival(Position("topic", 1, 9), pairs or [], b"digest")


def named(sink: Sink, row: tuple[object, ...]) -> dict[str, object]:
    return dict(zip(sink.columns, row, strict=True))


def death(**changes: object) -> Pairs:
    given = {"reason": "incomplete", "path": "harm", "step": "validate", "position": DIED, "software": "pso-stream 1"}
    return Death(**(given | changes)).pairs()  # type: ignore[arg-type]


@pytest.mark.parametrize("sink", SINKS, ids=lambda sink: sink.name)
def test_a_key_is_made_of_columns_or_of_the_place(sink: Sink) -> None:
    assert set(sink.key) <= {*sink.columns, "topic", "partition", "kafka_offset"}
    assert len(set(sink.columns)) == len(sink.columns)


@pytest.mark.parametrize("sink", SINKS[:-1], ids=lambda sink: sink.name)
def test_a_sink_writes_into_the_schema_of_the_grade_it_reads(sink: Sink) -> None:
    assert {topic.grade for topic in sink.reads} == {sink.grade}
    assert sink.relation.startswith(f"{sink.grade.schema}.")


def test_an_accepted_event_is_kept_whole_with_where_it_entered() -> None:
    row = named(EVENT_REVISIONS, event_revisions.row(accepted(crowded_event()), arrival(Trail(ORIGIN, 1).pairs())))
    assert json.loads(str(row["event"]))["patient"]["family"]
    assert (row["origin_topic"], row["origin_partition"], row["origin_offset"]) == ("entry", 2, 17)
    assert (row["digest"], row["arrangement"], row["policy_version"]) == (b"digest", "arr-7k2q", 3)


def test_an_accepted_event_says_which_grades_its_contract_closes() -> None:
    taken_back = Restriction(Grade.P1, Passing.WITHDRAWAL, DatePrecision.DAY)
    closed = Restriction(Grade.P2, Passing.NOTHING, DatePrecision.YEAR)
    row = named(EVENT_REVISIONS, event_revisions.row(accepted(restrictions=(taken_back, closed)), arrival()))
    assert row["closed_grades"] == ["P2"]
    assert named(EVENT_REVISIONS, event_revisions.row(accepted(), arrival()))["closed_grades"] == []


def test_an_accepted_event_without_a_trail_has_no_origin() -> None:
    row = named(EVENT_REVISIONS, event_revisions.row(accepted(), arrival([("pso-origin", b"nonsense")])))
    assert (row["origin_topic"], row["reported_at"]) == (None, None)


@pytest.mark.parametrize(
    ("accepted_at", "reported_at"),
    [
        (1_700_000_000_250, datetime(2023, 11, 14, 22, 13, 20, 250_000, tzinfo=UTC)),
        (10**18, None),  # no calendar has this day: the row must not become a dead letter for it
    ],
)
def test_an_accepted_event_says_when_the_broker_took_it(accepted_at: int, reported_at: datetime | None) -> None:
    row = named(EVENT_REVISIONS, event_revisions.row(accepted(), arrival(Trail(ORIGIN, accepted_at).pairs())))
    assert row["reported_at"] == reported_at


def test_a_classification_has_nothing_of_the_event_but_its_keys() -> None:
    event = crowded_event()
    advice = Classification(classifier="rules 1", categories=(Category.FALL,), harm=Harm.MILD, needs_review=True)
    row = named(CLASSIFICATIONS, classifications.row(classified(event, advice), arrival()))
    assert row == {
        "provider": event.provider,
        "event_id": event.event_id,
        "revision": event.revision,
        "digest": b"digest",
        "policy_version": 3,
        "classifier": "rules 1",
        "report_type": None,
        "categories": ["fall"],
        "harm": "mild",
        "needs_review": True,
        "confidence": None,
        "evidence": "[]",
        "medication": None,
        "never_events": [],
        "test": False,
    }


def test_every_row_that_is_about_one_event_says_whether_it_is_invented() -> None:
    record = NonidentifiedEvent(
        event="evt-x", revision=1, action=Action.REPORT, contributor="prv-y", policy_version=3, test=True
    )
    rows = (
        named(EVENT_REVISIONS, event_revisions.row(accepted(test=True), arrival())),
        named(CLASSIFICATIONS, classifications.row(classified(test=True), arrival())),
        named(NONIDENTIFIED_EVENTS, disclosed_events.row(record, arrival())),
    )
    assert [row["test"] for row in rows] == [True, True, True]


def test_a_nonidentified_row_follows_the_record_alone_whatever_its_headers_say() -> None:
    record = NonidentifiedEvent(event="evt-x", revision=2, action=Action.WITHDRAW, contributor="prv-y", policy_version=3)
    bare = disclosed_events.row(record, arrival())
    assert disclosed_events.row(record, arrival(Trail(ORIGIN, 1_767_600_000_000).pairs())) == bare
    assert named(NONIDENTIFIED_EVENTS, bare)["categories"] == []
    assert named(NONIDENTIFIED_EVENTS, bare)["engine"] is None, "a record of a version that knew no manifest"


@pytest.mark.parametrize(("sink", "disclose"), [(ANONYMIZED_EVENTS, anonymize), (NONIDENTIFIED_EVENTS, nonidentify)])
def test_the_manifest_has_columns_of_its_own_and_is_not_told_twice(sink: Sink, disclose: Callable[..., Record]) -> None:
    record = disclose(classified(crowded_event(), narrative_release=NarrativeRelease.NONIDENTIFIED), "evt-x", "prv-y")
    row = named(sink, sink.row(record, arrival()))
    told = json.loads(str(row["manifest"]))
    assert row["engine"] == told["engine"] == PATTERNS_ONLY.version.id
    assert {one["type"]: one["spans"] for one in told["removed"]}["name"] == 2
    assert json.loads(str(row["record"]))["manifest"] is None


def test_cells_are_sorted_and_named_once() -> None:
    def cell(category: Category) -> Cell:
        kind = (ReportType.INCIDENT, "2026-01", ProviderType.HOSPITAL, Setting.UNKNOWN)
        return Cell(category, Harm.NONE, *kind)

    record = Contribution(
        provider="prv-a",
        event_id="evt-1",
        revision=1,
        policy_version=1,
        withdrawn=False,
        cells=(cell(Category.FALL), cell(Category.BLOOD), cell(Category.FALL)),
    )
    cells = named(CONTRIBUTIONS, contributions.row(record, arrival()))["cells"]
    assert cells == [cell(Category.BLOOD).key, cell(Category.FALL).key]


@pytest.mark.parametrize(
    ("pairs", "reason", "died", "origin"),
    [
        (death(), "incomplete", DIED, DIED),  # it died where it entered
        ([*Trail(ORIGIN, 1).pairs(), *death()], "incomplete", DIED, ORIGIN),  # its trail leads to the entry record
        ([], dead.UNLABELLED, None, None),  # nobody said why
        ([("pso-dead-reason", b"\xff")], dead.UNLABELLED, None, None),  # headers that are no text
        (death(reason="nul\0inside"), "nulinside", DIED, DIED),  # PostgreSQL has no NUL in text
        (death(reason="x" * 900), "x" * 500, DIED, DIED),  # nor an index entry without end
        (death(position=Position("t", 2**40, 5)), "incomplete", None, None),  # nor such a partition
        (death(position=Position("t", 1, 2**70)), "incomplete", None, None),  # nor such an offset
    ],
)
def test_no_header_makes_a_dead_letter_that_the_warehouse_refuses(
    pairs: Pairs, reason: str, died: Position | None, origin: Position | None
) -> None:
    row = named(SINKS[-1], dead.row(None, arrival(pairs)))
    assert row["reason"] == reason
    for name, position in (("died", died), ("origin", origin)):
        place = tuple(row[f"{name}_{part}"] for part in ("topic", "partition", "offset"))
        assert place == ((None,) * 3 if position is None else (position.topic, position.partition, position.offset))


def test_a_row_of_a_plain_event_and_of_a_crowded_one_have_the_same_columns() -> None:
    for event in (safety_event(), crowded_event()):
        assert len(event_revisions.row(accepted(event), arrival())) == len(EVENT_REVISIONS.columns)
