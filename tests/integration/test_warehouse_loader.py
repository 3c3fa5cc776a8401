"""Rows and offsets go together; duplicates change nothing; one bad row never holds the others up."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

import psycopg
import pytest

from deploy.dev.stack import Stack
from schemas.headers import Position, Trail
from schemas.records import Signal
from schemas.records.manifest import Manifest, RemovedSpans
from schemas.redaction import IdentifierType
from schemas.taxonomy import Category, Harm
from stream_processors.domain.rejection import Unavailable
from stream_processors.shapes import Arrival, Sink
from stream_processors.sinks.classifications import CLASSIFICATIONS
from stream_processors.sinks.disclosed_events import ANONYMIZED_EVENTS, NONIDENTIFIED_EVENTS
from stream_processors.sinks.event_revisions import EVENT_REVISIONS
from stream_processors.sinks.signals import SIGNALS
from stream_processors.warehouse.connections import Fenced
from stream_processors.warehouse.loader import Loader
from stream_processors.warehouse.positions import Advance
from stream_processors.warehouse.tables import Row
from tests.integration.fresh_warehouse import fresh_warehouse, login, rows
from tests.support.builders import accepted, classified, safety_event

TOPIC = "accepted"


@pytest.fixture
def warehouse(stack: Stack) -> Iterator[str]:
    with fresh_warehouse(stack.database_url) as url:
        yield url


@pytest.fixture
def sink_login(warehouse: str) -> Iterator[str]:
    with login(warehouse, "pso_sink") as url:
        yield url


def row(sink: Sink, record: object, offset: int, partition: int = 0) -> Row:
    trail = Trail(Position("entry", partition, offset), 1_700_000_000_000)
    digest = hashlib.sha256(repr(record).encode()).digest()
    arrival = Arrival(Position(TOPIC, partition, offset), trail.pairs(), digest)
    return (*sink.row(record, arrival), TOPIC, partition, offset)


def events(first: int, count: int) -> list[Row]:
    return [row(EVENT_REVISIONS, accepted(safety_event(event_id=f"evt-{n}")), n) for n in range(first, first + count)]


def none_refused(refused: Sequence[int]) -> None:
    assert not refused


def test_rows_and_position_are_written_together(warehouse: str, sink_login: str) -> None:
    loader = Loader(EVENT_REVISIONS, sink_login)
    assert loader.positions([(TOPIC, 0), (TOPIC, 1)]) == {(TOPIC, 0): 0, (TOPIC, 1): 0}
    assert loader.load(events(0, 50), [Advance(TOPIC, 0, 0, 50)], none_refused).written == 50
    assert loader.positions([(TOPIC, 0), (TOPIC, 1)]) == {(TOPIC, 0): 50, (TOPIC, 1): 0}
    assert rows(warehouse, "select count(*), max(origin_offset), min(origin_topic) from protected.event_revisions") == [
        (50, 49, "entry")
    ]
    loader.close()


def test_a_second_owner_of_a_position_is_fenced_and_writes_nothing(warehouse: str) -> None:
    first, zombie = Loader(EVENT_REVISIONS, warehouse), Loader(EVENT_REVISIONS, warehouse)
    first.positions([(TOPIC, 0)])
    zombie.positions([(TOPIC, 0)])
    first.load(events(0, 10), [Advance(TOPIC, 0, 0, 10)], none_refused)
    with pytest.raises(Fenced):
        zombie.load(events(100, 10), [Advance(TOPIC, 0, 0, 10)], none_refused)
    assert rows(warehouse, "select count(*) from protected.event_revisions") == [(10,)]
    first.close()
    zombie.close()


def test_a_replay_changes_nothing_and_what_is_new_in_it_is_added(warehouse: str, sink_login: str) -> None:
    loader = Loader(EVENT_REVISIONS, sink_login)
    loader.positions([(TOPIC, 0)])
    loader.load(events(0, 20), [Advance(TOPIC, 0, 0, 20)], none_refused)
    again = loader.load([*events(10, 20), *events(10, 20)], [Advance(TOPIC, 0, 20, 60)], none_refused)
    assert (again.written, again.refused) == (10, 0)
    assert rows(warehouse, "select count(*) from protected.event_revisions") == [(30,)]
    loader.close()


def test_bad_rows_are_named_before_the_commit_and_the_others_are_written(warehouse: str, sink_login: str) -> None:
    bad = accepted(safety_event(event_id="evt-bad", pses_entered_at="2026-13-45T99:99:99Z"))
    worse = accepted(safety_event(event_id="evt-worse", unit="nul \0 inside"))
    batch = events(0, 100)
    batch[17], batch[80] = row(EVENT_REVISIONS, bad, 17), row(EVENT_REVISIONS, worse, 80)
    loader = Loader(EVENT_REVISIONS, sink_login)
    loader.positions([(TOPIC, 0)])
    named: list[int] = []

    def before_commit(refused: Sequence[int]) -> None:
        named.extend(refused)
        assert rows(warehouse, "select count(*) from protected.event_revisions") == [(0,)]

    loaded = loader.load(batch, [Advance(TOPIC, 0, 0, 100)], before_commit)
    assert (loaded.written, loaded.refused, sorted(named)) == (98, 2, [17, 80])
    assert rows(warehouse, "select count(*) from protected.event_revisions") == [(98,)]
    loader.close()


def test_when_dead_letters_cannot_be_delivered_nothing_is_committed(warehouse: str) -> None:
    loader = Loader(EVENT_REVISIONS, warehouse)
    loader.positions([(TOPIC, 0)])

    def away(_refused: Sequence[int]) -> None:
        raise Unavailable("kafka")

    with pytest.raises(Unavailable):
        loader.load(events(0, 10), [Advance(TOPIC, 0, 0, 10)], away)
    assert rows(warehouse, "select count(*) from protected.event_revisions") == [(0,)]
    assert loader.positions([(TOPIC, 0)]) == {(TOPIC, 0): 0}
    loader.close()


def test_the_current_event_is_the_highest_revision_whatever_came_last(warehouse: str) -> None:
    revisions = [safety_event(revision=number, unit=f"ward {number}") for number in (2, 3, 1)]
    batch = [row(EVENT_REVISIONS, accepted(event), n) for n, event in enumerate(revisions)]
    loader = Loader(EVENT_REVISIONS, warehouse)
    loader.positions([(TOPIC, 0)])
    loader.load(batch, [Advance(TOPIC, 0, 0, 3)], none_refused)
    assert rows(warehouse, "select revision, event->>'unit' from protected.events_current") == [(3, "ward 3")]
    loader.close()


def test_two_contents_that_claim_one_revision_are_both_kept(warehouse: str) -> None:
    claims = [safety_event(unit="ward A"), safety_event(unit="ward B")]
    arrivals = [Arrival(Position(TOPIC, 0, n), [], bytes([n])) for n in range(2)]
    batch = [(*EVENT_REVISIONS.row(accepted(e), a), TOPIC, 0, n) for n, (e, a) in enumerate(zip(claims, arrivals, strict=True))]
    loader = Loader(EVENT_REVISIONS, warehouse)
    loader.positions([(TOPIC, 0)])
    assert loader.load(batch, [Advance(TOPIC, 0, 0, 2)], none_refused).written == 2
    assert rows(warehouse, "select count(*) from protected.events_current") == [(1,)]
    loader.close()


def test_a_classification_is_written_beside_its_event(warehouse: str, sink_login: str) -> None:
    loader = Loader(CLASSIFICATIONS, sink_login)
    loader.positions([(TOPIC, 0)])
    loader.load([row(CLASSIFICATIONS, classified(), 0)], [Advance(TOPIC, 0, 0, 1)], none_refused)
    assert rows(warehouse, "select classifier, categories, harm from protected.classifications") == [("rules 1", [], None)]
    loader.close()


@pytest.mark.parametrize("sink", [ANONYMIZED_EVENTS, NONIDENTIFIED_EVENTS], ids=lambda sink: sink.name)
def test_a_disclosed_event_shows_its_latest_revision(warehouse: str, sink_login: str, sink: Sink) -> None:
    record = sink.reads[0].record
    known = {"event": "evt-1", "contributor": "prv-1", "policy_version": 3}
    batch = [
        row(sink, record(**known, revision=2, action="withdraw"), 0),
        row(sink, record(**known, revision=1, action="report", categories=(Category.FALL,)), 1),
    ]
    loader = Loader(sink, sink_login)
    loader.positions([(TOPIC, 0)])
    loader.load(batch, [Advance(TOPIC, 0, 0, 2)], none_refused)
    current = f"select revision, action, record->>'contributor' from {sink.grade.schema}.events_current"
    assert rows(warehouse, current) == [(2, "withdraw", "prv-1")]
    loader.close()


def disclosed_by(sink: Sink, engine: str, offset: int, revision: int = 1) -> Row:
    """One revision of one event as a version of the engine disclosed it."""
    hashes: dict[str, Any] = dict.fromkeys(("code", "lexicon", "model", "policy"), engine * 4)
    manifest = Manifest(engine, **hashes, removed=(RemovedSpans(IdentifierType.NAME, 2),))
    known = {"event": "evt-1", "contributor": "prv-1", "policy_version": 3, "action": "report"}
    return row(sink, sink.reads[0].record(**known, revision=revision, manifest=manifest), offset)


@pytest.mark.parametrize("sink", [ANONYMIZED_EVENTS, NONIDENTIFIED_EVENTS], ids=lambda sink: sink.name)
@pytest.mark.parametrize(("first", "second"), [("a" * 16, "b" * 16), ("b" * 16, "a" * 16)])
def test_a_replay_by_another_version_is_kept_beside_the_first_and_counts(
    warehouse: str, sink_login: str, sink: Sink, first: str, second: str
) -> None:
    relation = sink.grade.schema
    loader = Loader(sink, sink_login)
    loader.positions([(TOPIC, 0)])
    batch = [disclosed_by(sink, first, 0), disclosed_by(sink, second, 1)]
    assert loader.load(batch, [Advance(TOPIC, 0, 0, 2)], none_refused).written == 2
    assert loader.load([disclosed_by(sink, first, 2)], [Advance(TOPIC, 0, 2, 3)], none_refused).written == 0, "equal bytes"
    assert rows(warehouse, f"select engine from {relation}.event_revisions order by kafka_offset") == [(first,), (second,)]
    told = f"select engine, manifest->>'code', manifest->'removed'->0->>'spans' from {relation}.events_current"
    assert rows(warehouse, told) == [(second, second * 4, "2")]
    assert loader.load([disclosed_by(sink, first, 3, revision=2)], [Advance(TOPIC, 0, 3, 4)], none_refused).written == 1
    assert rows(warehouse, f"select revision, engine from {relation}.events_current") == [(2, first)], "revisions come first"
    loader.close()


def test_of_a_signal_the_highest_version_stays(warehouse: str, sink_login: str) -> None:
    def signal(version: int, events: int) -> Signal:
        pattern = {"method": "pooled 1", "category": Category.DEVICE, "harm": Harm.DEATH, "month": "2026-01"}
        return Signal(**pattern, events=events, contributors=2, raised=True, partition=0, version=version)  # type: ignore[arg-type]

    loader = Loader(SIGNALS, sink_login)
    loader.positions([(TOPIC, 0)])
    first = [row(SIGNALS, signal(5, 4), 0), row(SIGNALS, signal(3, 2), 1)]
    assert loader.load(first, [Advance(TOPIC, 0, 0, 2)], none_refused).written == 1
    late = [row(SIGNALS, signal(4, 3), 2)]
    assert loader.load(late, [Advance(TOPIC, 0, 2, 3)], none_refused).written == 0
    newer = [row(SIGNALS, signal(9, 6), 3)]
    assert loader.load(newer, [Advance(TOPIC, 0, 3, 4)], none_refused).written == 1
    assert rows(warehouse, "select version, events from protected.signals") == [(9, 6)]
    loader.close()


def test_a_connection_that_the_server_ended_is_replaced(warehouse: str) -> None:
    loader = Loader(EVENT_REVISIONS, warehouse)
    loader.positions([(TOPIC, 0)])
    with psycopg.connect(warehouse, autocommit=True) as owner:
        owner.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and application_name like 'pso-sink%'"
        )
    with pytest.raises(Unavailable):
        loader.load(events(0, 5), [Advance(TOPIC, 0, 0, 5)], none_refused)
    assert loader.load(events(0, 5), [Advance(TOPIC, 0, 0, 5)], none_refused).written == 5
    loader.close()
