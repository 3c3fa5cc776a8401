"""From a topic to a table: every record becomes one row or one dead letter, whoever stops, dies or is away."""

from collections.abc import Iterator

import psycopg
import pytest

from deploy.dev.stack import Stack
from schemas import topics
from schemas.headers import Death, Position, without_death
from schemas.records import AcceptedEvent
from stream_processors.runtime.sink_consumer import SinkFailed
from stream_processors.runtime.sink_loop import run_all
from stream_processors.shapes import Arrival
from stream_processors.sinks.dead_letters import dead_letters
from stream_processors.sinks.event_revisions import EVENT_REVISIONS
from stream_processors.warehouse.loader import Loader
from stream_processors.warehouse.positions import Advance
from tests.integration.fresh_warehouse import fresh_warehouse, login, rows
from tests.integration.sinks_on_kafka import PARTITIONS, Running, SinkBench, sink_bench
from tests.support.builders import accepted, safety_event
from tests.support.deadline import eventually
from tests.support.kafka import read_all

ACCEPTED = topics.EVENTS_ACCEPTED
TOPICS = (ACCEPTED, ACCEPTED.dead_letters)
COUNT = "select count(*), count(distinct event_id) from protected.event_revisions"
POSITIONS = "select partition, next_offset from operations.sink_positions order by partition"


@pytest.fixture
def warehouse(stack: Stack) -> Iterator[str]:
    with fresh_warehouse(stack.database_url) as url:
        yield url


@pytest.fixture
def bench(stack: Stack, namespace: str, warehouse: str) -> Iterator[SinkBench]:
    with login(warehouse, "pso_sink") as url, sink_bench(stack.bootstrap, namespace, TOPICS, url) as made:
        yield made


def events(count: int, first: int = 0) -> list[AcceptedEvent]:
    return [accepted(safety_event(event_id=f"evt-{number}")) for number in range(first, first + count)]


def written(url: str, count: int) -> bool:
    return rows(url, COUNT) == [(count, count)]


def test_a_sink_goes_on_where_the_database_says(bench: SinkBench, warehouse: str) -> None:
    bench.write(ACCEPTED, events(1000))
    with bench.running(EVENT_REVISIONS, records=150) as first:
        eventually(lambda: written(warehouse, 1000))
        assert len(first.loop.flowing) == PARTITIONS
    bench.write(ACCEPTED, events(1000, 1000), 1000)
    with bench.running(EVENT_REVISIONS):
        eventually(lambda: written(warehouse, 2000))
    assert rows(warehouse, POSITIONS) == [(number, 500) for number in range(PARTITIONS)]
    assert bench.value("pso_sink_rows_total", sink="event-revisions", outcome="written") == 2000


def test_an_empty_database_is_filled_from_the_log_again(bench: SinkBench, warehouse: str) -> None:
    bench.write(ACCEPTED, events(40))
    with bench.running(EVENT_REVISIONS):
        eventually(lambda: written(warehouse, 40))
    with psycopg.connect(warehouse) as owner:
        owner.execute("truncate protected.event_revisions, operations.sink_positions")
    with bench.running(EVENT_REVISIONS):
        eventually(lambda: written(warehouse, 40))


def test_what_is_no_record_and_what_no_row_can_hold_become_dead_letters(stack: Stack, bench: SinkBench, warehouse: str) -> None:
    unfit = accepted(safety_event(event_id="evt-unfit", unit="nul \0 inside"))
    bench.write(ACCEPTED, [*events(20), b"\x00\x00\x00\x00\x63rubbish", unfit])
    with bench.running(EVENT_REVISIONS):
        eventually(lambda: written(warehouse, 20))
    letters = read_all(stack.bootstrap, bench.wire.name(ACCEPTED.dead_letters))
    originals = {m.position: m for m in read_all(stack.bootstrap, bench.wire.name(ACCEPTED))}
    deaths = [death for letter in letters if (death := Death.of(letter.headers))]
    assert sorted(death.reason for death in deaths) == ["refused_by_warehouse", "unknown_schema"]
    for letter, death in zip(letters, deaths, strict=True):
        original = originals[death.position]
        assert (letter.value, letter.key, without_death(letter.headers)) == (original.value, original.key, original.headers)
    assert rows(warehouse, POSITIONS) == [(0, 6), (1, 6), (2, 5), (3, 5)]


def test_dead_letters_are_listed_with_reason_and_origin_and_without_bytes(bench: SinkBench, warehouse: str) -> None:
    bench.write(ACCEPTED, [b"rubbish", *events(3)])
    bench.write(ACCEPTED.dead_letters, [b"somebody wrote this without a reason"], first=1)
    with bench.running(EVENT_REVISIONS), bench.running(dead_letters([ACCEPTED.dead_letters])):
        listed = "select reason, step, died_offset, origin_topic, partition from protected.dead_letters order by partition"
        eventually(lambda: len(rows(warehouse, listed)) == 2)
    assert rows(warehouse, listed) == [
        ("not_framed", "sink-event-revisions", 0, "entry", 0),
        ("unlabelled", "", None, None, 1),
    ]


def test_two_sinks_share_the_partitions_and_one_takes_over_from_the_other(bench: SinkBench, warehouse: str) -> None:
    one = Running(bench.loop(EVENT_REVISIONS)).start()
    two = Running(bench.loop(EVENT_REVISIONS)).start()
    try:
        eventually(lambda: len(one.loop.flowing) == len(two.loop.flowing) == PARTITIONS // 2)
        bench.write(ACCEPTED, events(600))
        eventually(lambda: written(warehouse, 600))
        one.end()
        bench.write(ACCEPTED, events(600, 600), 600)
        eventually(lambda: written(warehouse, 1200))
        assert len(two.loop.flowing) == PARTITIONS
    finally:
        one.end()
        two.end()
    assert (one.error, two.error) == (None, None)


def test_a_fenced_sink_forgets_its_position_and_goes_on_from_the_database(bench: SinkBench, warehouse: str) -> None:
    name, all_events = bench.wire.name(ACCEPTED), events(20)
    with bench.running(EVENT_REVISIONS) as run:
        eventually(lambda: len(run.loop.flowing) == PARTITIONS)
        successor = Loader(EVENT_REVISIONS, warehouse)
        made = [
            (*EVENT_REVISIONS.row(event, Arrival(Position(name, 0, 0), [], b"other digest")), name, 0, 0)
            for event in all_events[:1]
        ]
        successor.load(made, [Advance(name, 0, 0, 1)], lambda refused: None)
        successor.close()
        bench.write(ACCEPTED, all_events)
        eventually(lambda: written(warehouse, 20))
        assert run.error is None
    assert rows(warehouse, POSITIONS) == [(number, 5) for number in range(PARTITIONS)]


def test_a_position_that_is_not_in_the_log_stops_the_sink(bench: SinkBench, warehouse: str) -> None:
    name = bench.wire.name(ACCEPTED)
    bench.write(ACCEPTED, events(8))
    with psycopg.connect(warehouse) as owner:
        owner.execute("insert into operations.sink_positions values ('event-revisions', %s, 2, 77)", (name,))
    run = Running(bench.loop(EVENT_REVISIONS)).start()
    try:
        eventually(lambda: run.error)
        assert isinstance(run.error, SinkFailed)
        assert f"{name}:2" in str(run.error)
    finally:
        run.end()


def test_when_one_sink_fails_all_end_with_its_error(bench: SinkBench, warehouse: str) -> None:
    with psycopg.connect(warehouse) as owner:
        name = bench.wire.name(ACCEPTED)
        owner.execute("insert into operations.sink_positions values ('event-revisions', %s, 2, 77)", (name,))
    loops = [bench.loop(EVENT_REVISIONS), bench.loop(dead_letters([ACCEPTED.dead_letters]))]
    with pytest.raises(SinkFailed):
        run_all(loops, Running(loops[0]).stop)
    assert all(not loop.flowing for loop in loops)


def test_a_sink_waits_while_postgresql_is_away_and_stays_in_its_group(own_stack: Stack, namespace: str) -> None:
    with fresh_warehouse(own_stack.database_url) as url, sink_bench(own_stack.bootstrap, namespace, TOPICS, url) as bench:
        with bench.running(EVENT_REVISIONS) as run:
            bench.write(ACCEPTED, events(100))
            eventually(lambda: written(url, 100))
            before = run.loop.flowing
            own_stack.postgres.kill()
            bench.write(ACCEPTED, events(400, 100), 100)
            eventually(lambda: run.loop.waiting.reason == "postgresql")
            assert bench.value("pso_sink_paused", sink="event-revisions") == 1
            assert run.loop.flowing == before
            own_stack.postgres.start()
            eventually(lambda: written(url, 500))
            eventually(lambda: run.loop.waiting.reason is None)
        assert run.error is None


def test_a_sink_that_starts_while_postgresql_is_away_begins_when_it_is_back(own_stack: Stack, namespace: str) -> None:
    with fresh_warehouse(own_stack.database_url) as url, sink_bench(own_stack.bootstrap, namespace, TOPICS, url) as bench:
        bench.write(ACCEPTED, events(50))
        own_stack.postgres.kill()
        with bench.running(EVENT_REVISIONS) as run:
            eventually(lambda: run.loop.waiting.reason == "postgresql")
            own_stack.postgres.start()
            eventually(lambda: written(url, 50))
        assert run.error is None
