"""A reconciliation finds nothing where nothing is wrong, and each kind of loss, surplus and wrong count where it is.

The logs and the warehouse are filled once; every test harms a copy of the warehouse.
"""

import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from functools import partial

import msgspec
import psycopg
import pytest
from msgspec import convert
from msgspec.structs import replace
from psycopg import sql

from deploy.dev.stack import Stack
from schemas import keys, topics
from schemas.catalogue import bundled
from schemas.grades import Grade
from schemas.headers import Trail
from schemas.records import AnonymizedEvent, CellCount, ClassifiedEvent, NonidentifiedEvent, Record, SafetyEvent
from schemas.records.flow import Restriction
from schemas.restrictions import DatePrecision, Passing
from schemas.topics import Topic
from stream_processors.domain.aggregation import Counts, contribution, fold, outputs
from stream_processors.runtime.dead_letters import dead_letter
from stream_processors.runtime.messages import Incoming, Outgoing
from stream_processors.runtime.reconcile import Reconciler
from stream_processors.shapes import Subject
from stream_processors.sinks.classifications import CLASSIFICATIONS
from stream_processors.sinks.contributions import CONTRIBUTIONS
from stream_processors.sinks.dead_letters import dead_letters
from stream_processors.sinks.disclosed_events import ANONYMIZED_EVENTS, NONIDENTIFIED_EVENTS
from stream_processors.sinks.event_revisions import EVENT_REVISIONS
from stream_processors.warehouse.findings import Reconciliation
from stream_processors.warehouse.vault import Vault
from tests.integration.fresh_warehouse import fresh_warehouse, login, rows
from tests.integration.sinks_on_kafka import CODEC, SinkBench, sink_bench
from tests.support.builders import accepted, classified, safety_event
from tests.support.deadline import eventually
from tests.support.kafka import read_all

ENTRY = topics.submitted("arr-7k2q")
TOPICS = topics.all_topics(["arr-7k2q"])
DEAD = tuple(topic for topic in TOPICS if topic.dead)
EVENTS = 30
CLOSED = 27  # its contract lets nothing of it into P2
NO_ANONYMIZED = 28  # this event dies before it is anonymized
REFUSED = 29  # the warehouse refuses the nonidentified form of this one


class Flow:
    """The logs of a whole flow, written as the steps write them, and the sinks that read them."""

    def __init__(self, bench: SinkBench, owner: str) -> None:
        self.bench = bench
        self.owner = owner
        self.vault = Vault(owner)

    def fill(self) -> None:
        events = [safety_event(event_id=f"evt-{number}") for number in range(EVENTS)]
        self._write(ENTRY, *(CODEC.encode(event) for event in events), b"rubbish", CODEC.encode(events[0]))
        name = self.bench.wire.name(ENTRY)
        entries = read_all(self.bench.connection.bootstrap_servers, name)
        self.bench.delivery.deliver([dead_letter(entries[EVENTS], "validate", "not_framed")])
        for entry, event in zip(entries, events, strict=False):
            self._follow(entry, event)
        self._count([classified(event) for event in events])

    def sink(self) -> None:
        """Every sink, until as many rows are there as were written."""
        sinks = (EVENT_REVISIONS, CLASSIFICATIONS, CONTRIBUTIONS, ANONYMIZED_EVENTS, NONIDENTIFIED_EVENTS)
        with ExitStack() as running:
            for sink in (*sinks, dead_letters(DEAD)):
                running.enter_context(self.bench.running(sink))
            for table, count in (
                *(("protected.event_revisions", 30), ("protected.classifications", 30), ("protected.contributions", 30)),
                *(("anonymized.event_revisions", 29), ("nonidentified.event_revisions", 28)),
                ("protected.dead_letters", 3),
            ):
                eventually(partial(self._holds, table, count))

    def _holds(self, table: str, count: int) -> bool:
        return rows(self.owner, f"select count(*) from {table}") == [(count,)]

    def _follow(self, entry: Incoming, event: SafetyEvent) -> None:
        trail = Trail(entry.position, entry.timestamp).pairs()
        number = int(event.event_id.removeprefix("evt-"))
        restrictions = (Restriction(Grade.P2, Passing.NOTHING, DatePrecision.YEAR),) if number == CLOSED else ()
        record = classified(event, restrictions=restrictions)
        self._write(topics.EVENTS_ACCEPTED, accepted(event, restrictions=restrictions), pairs=trail)
        self._write(topics.EVENTS_CLASSIFIED, record, pairs=trail)
        self._write(topics.CONTRIBUTIONS, contribution(record), pairs=trail)
        given = {"revision": event.revision, "action": event.action, "policy_version": 3}
        if number == NO_ANONYMIZED:
            self.bench.delivery.deliver([dead_letter(replaced(entry, trail), "anonymize", "quarantined")])
        else:
            self._write(topics.EVENTS_ANONYMIZED, convert(self._names(event, Grade.P1) | given, AnonymizedEvent))
        if number == CLOSED:
            return
        nonidentified = convert(self._names(event, Grade.P2) | given, NonidentifiedEvent)
        if number == REFUSED:
            nonidentified = replace(nonidentified, state="\0")  # no row can hold it
        self._write(topics.EVENTS_NONIDENTIFIED, nonidentified)

    def _names(self, event: SafetyEvent, grade: Grade) -> dict[str, object]:
        subjects = (Subject("event", grade, keys.of_event(event)), Subject("contributor", grade, event.provider))
        found = self.vault.surrogates(subjects)
        return {"event": found[subjects[0]], "contributor": found[subjects[1]]}

    def _count(self, records: Sequence[ClassifiedEvent]) -> None:
        counts = Counts()
        touched = fold(counts, [contribution(record) for record in records])
        for said in outputs(counts, touched, 0, 29):
            self._write(topics.COUNTS_CHANGED, said)
            zombie: CellCount = replace(said, count=1, version=3)  # later in the log, of an older version
            self._write(topics.COUNTS_CHANGED, zombie)

    def _write(self, topic: Topic, *records: Record | bytes, pairs: list[tuple[str, bytes]] | None = None) -> None:
        values = [record if isinstance(record, bytes) else CODEC.encode(record) for record in records]
        name = self.bench.wire.name(topic)
        self.bench.delivery.deliver([Outgoing(name, 0, b"key", value, pairs or []) for value in values])


def replaced(entry: Incoming, trail: list[tuple[str, bytes]]) -> Incoming:
    return Incoming(entry.topic, 0, entry.offset, entry.timestamp, entry.key, entry.value, trail)


@pytest.fixture(scope="module")
def flow(stack: Stack) -> Iterator[Flow]:
    namespace = f"t{secrets.token_hex(4)}-"
    with fresh_warehouse(stack.database_url) as url, sink_bench(stack.bootstrap, namespace, TOPICS, url) as bench:
        made = Flow(bench, url)
        made.fill()
        made.sink()
        made.vault.close()
        yield made


class Copy:
    """A copy of the filled warehouse, to be harmed."""

    def __init__(self, flow: Flow, url: str, auditor: str) -> None:
        self.url = url
        self._reconciler = Reconciler(flow.bench.connection, flow.bench.wire, bundled(), auditor)

    def harm(self, statement: str) -> None:
        with psycopg.connect(self.url) as connection:
            connection.execute(statement.encode())

    def reconcile(self, grace: float = 0.0) -> Reconciliation:
        return self._reconciler.reconcile([ENTRY], grace, time.time_ns() // 1_000_000)


@pytest.fixture
def copy(stack: Stack, flow: Flow) -> Iterator[Copy]:
    name, template = f"t{secrets.token_hex(6)}", flow.owner.rpartition("/")[2]
    with psycopg.connect(stack.database_url, autocommit=True) as owner:
        create = sql.SQL("create database {} template {}")
        owner.execute(create.format(sql.Identifier(name), sql.Identifier(template)))
        url = f"{stack.database_url.rpartition('/')[0]}/{name}"
        with login(url, "pso_auditor") as auditor:
            yield Copy(flow, url, auditor)
        owner.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def derived(found: Reconciliation) -> dict[str, int]:
    return {each.table: each.missing for each in found.derived if each.missing}


def test_a_flow_in_which_every_record_ended_agrees(copy: Copy) -> None:
    found = copy.reconcile()
    assert found.agrees, msgspec.json.encode(found)
    assert (found.submitted, found.undecodable, found.accepted, found.dead_letters) == (32, 1, 30, 3)
    assert (found.live_counts.cells, found.stored_counts.cells) == (1, 1)


@pytest.mark.parametrize(
    ("harm", "missing", "extra", "absent", "stored", "live"),
    [
        # a row is lost; what followed from it stays
        ("delete from protected.event_revisions where event_id = 'evt-3'", 1, 0, {}, 0, 0),
        # the first event was submitted twice, and both records lose their row
        ("delete from protected.event_revisions where event_id = 'evt-0'", 2, 0, {}, 0, 0),
        # a record ended as a dead letter that is lost
        ("delete from protected.dead_letters where step = 'validate'", 1, 0, {}, 0, 0),
        # somebody wrote a row that nobody sent
        ("update protected.event_revisions set event_id = 'forged' where event_id = 'evt-3'", 1, 1, {
            "protected.classifications": 1,
            "protected.contributions": 1,
            "anonymized.event_revisions": 1,
            "nonidentified.event_revisions": 1,
        }, 0, 0),
        # an event of a test arrangement that counts all the same
        ("update protected.event_revisions set test = true where event_id = 'evt-3'", 0, 1, {}, 0, 0),
        ("delete from protected.classifications where event_id = 'evt-4'", 0, 0, {"protected.classifications": 1}, 0, 0),
        # without its contribution an event is in neither recomputation
        ("delete from protected.contributions where event_id = 'evt-5'", 0, 0, {"protected.contributions": 1}, 1, 1),
        ("delete from anonymized.event_revisions where kafka_offset = 6", 0, 0, {"anonymized.event_revisions": 1}, 0, 0),
        (
            "delete from nonidentified.event_revisions where kafka_offset = 7",
            *(0, 0, {"nonidentified.event_revisions": 1}, 0, 0),
        ),
        # the dead letter that explains why an event was not anonymized is lost
        ("delete from protected.dead_letters where step = 'anonymize'", 0, 0, {"anonymized.event_revisions": 1}, 0, 0),
        # a surrogate is lost, and with it the way to the disclosed event
        (
            "delete from vault.surrogates where grade = 'P1' and subject like '%|evt-8'",
            *(0, 0, {"anonymized.event_revisions": 1}, 0, 0),
        ),
        # a stored count is wrong; the contributions and the live count are right
        ("update protected.cell_counts set count = count + 1", 0, 0, {}, 1, 0),
        # an event is withdrawn behind the back of both counts
        ("update protected.contributions set withdrawn = true where event_id = 'evt-9'", 0, 0, {}, 1, 1),
    ],
)  # fmt: skip
def test_every_difference_is_found_and_named(
    copy: Copy, harm: str, missing: int, extra: int, absent: dict[str, int], stored: int, live: int
) -> None:
    copy.harm(harm)
    found = copy.reconcile()
    assert (found.missing, found.extra, derived(found)) == (missing, extra, absent)
    assert (found.stored_counts.mismatching, found.live_counts.mismatching) == (stored, live)
    assert not found.agrees
    assert len(found.missing_examples) == missing


def test_what_is_young_is_in_flight(copy: Copy) -> None:
    copy.harm("delete from protected.event_revisions where event_id = 'evt-3'")
    copy.harm("delete from protected.classifications")
    copy.harm("update protected.contributions set withdrawn = true where event_id = 'evt-9'")
    found = copy.reconcile(grace=3600)
    assert (found.missing, found.in_flight) == (0, 1)
    assert next((each.missing, each.in_flight) for each in found.derived) == (0, 29)
    assert (found.live_counts.mismatching, found.live_counts.in_flight) == (0, 1)


def test_a_finding_names_positions_and_cells_and_no_provider_or_event(copy: Copy) -> None:
    copy.harm("delete from protected.event_revisions where event_id = 'evt-3'")
    copy.harm("delete from protected.contributions where event_id = 'evt-5'")
    found = copy.reconcile()
    assert found.missing_examples[0].endswith("pso-events-submitted-arr-7k2q:0:3")
    assert found.live_counts.examples == ("medication/mild/incident/2024-05/hospital/inpatient_unit",)
    text = msgspec.json.encode(found).decode()
    assert "evt-" not in text
    assert "prv-" not in text


def test_a_row_that_arrives_after_the_log_was_read_is_not_extra(copy: Copy) -> None:
    copy.harm("update protected.event_revisions set event_id = 'evt-new', origin_offset = 900 where event_id = 'evt-3'")
    assert copy.reconcile().extra == 0
