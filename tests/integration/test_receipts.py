"""How an event ended, asked of a real warehouse by the role of a gateway: right, alone, and never in the way."""

import asyncio
import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from deploy.dev.stack import Stack
from producers.gateway.fates import UNDER_WAY, UNKNOWN, End, Question
from producers.gateway.warehouse import Warehouse
from producers.outbox import Receipt
from stream_processors.warehouse.verification import verify
from tests.integration.fresh_warehouse import fresh_warehouse, login, rows
from tests.support.deadline import eventually
from tests.support.gateways import bearer, gateway

EVENT = ("prv-8f3k2m", "evt-1", 1)
HERE, ELSEWHERE = ("'pso-events-submitted-arr-7k2q', 3, 41", "'elsewhere', 0, 0")
PLACE = Receipt(1, "pso-events-submitted-arr-7k2q", 3, 41, 1_772_366_400_000)


def stored(test: bool = False) -> str:
    return f"""insert into protected.event_revisions
      (provider, event_id, revision, digest, action, policy_version, arrangement, provider_type, report_type, event, test,
       origin_topic, origin_partition, origin_offset, topic, partition, kafka_offset)
      values ('prv-8f3k2m', 'evt-1', 1, 'x', 'report', 1, 'arr-7k2q', 'hospital', 'incident', '{{}}', {test},
       {HERE}, 't', 0, 0)"""


def counted(revision: int = 1) -> str:
    return f"""insert into protected.contributions
      (provider, event_id, revision, policy_version, withdrawn, cells, topic, partition, kafka_offset)
      values ('prv-8f3k2m', 'evt-1', {revision}, 1, false, '{{}}', 't', 0, 0)"""


CLASSIFIED = """insert into protected.classifications
  (provider, event_id, revision, digest, policy_version, classifier, categories, needs_review, topic, partition, kafka_offset)
  values ('prv-8f3k2m', 'evt-1', 1, 'x', 1, 'rules/1', '{}', false, 't', 0, 0)"""
DECIDED = """insert into protected.quarantine_decisions (topic, partition, kafka_offset, decision, decided_by, reason)
  values ('pso-dead', 0, 7, 'released_without_narratives', 'staff 17', 'read')"""
WHOLE = (stored(), CLASSIFIED, counted())
WAITING = "select pid from pg_stat_activity where application_name = 'pso-gateway' and wait_event_type = 'Lock'"


def died(reason: str, step: str, place: str = ELSEWHERE, origin: str = HERE, replayed: str = "null") -> str:
    return f"""insert into protected.dead_letters (reason, path, step, software, died_topic, died_partition, died_offset,
      origin_topic, origin_partition, origin_offset, topic, partition, kafka_offset, replayed_at)
      values ('{reason}', 'harm', '{step}', '', {place}, {origin}, 'pso-dead', 0, 7, {replayed})"""


ENDS = [
    ("nothing of it is there", (), UNDER_WAY),
    ("stored alone", WHOLE[:1], End("accepted")),
    ("classified, not yet counted", WHOLE[:2], End("accepted")),
    ("counted", WHOLE, End("in_warehouse")),
    ("counted by a later revision", (*WHOLE[:2], counted(2)), End("in_warehouse")),
    ("a test event counts nowhere", (stored(test=True), CLASSIFIED), End("in_warehouse")),
    ("refused at its entry", (died("out_of_scope", "validate", HERE),), End("dead_letter", "out_of_scope", "harm")),
    (
        "its dead letter was sent back",
        (died("empty", "validate", HERE, replayed="now()"),),
        End("dead_letter", "empty", "harm"),
    ),
    ("sent back, and it came in", (*WHOLE, died("empty", "validate", HERE, replayed="now()")), End("in_warehouse")),
    ("died on the way", (*WHOLE[:1], died("unexpected", "classify")), End("dead_letter", "unexpected", "harm")),
    ("died on the way, sent back", (*WHOLE[:1], died("unexpected", "classify", replayed="now()")), End("accepted")),
    ("withheld", (*WHOLE, died("quarantined", "anonymize")), End("quarantined", "quarantined", "harm")),
    ("withheld, and somebody decided", (*WHOLE, died("quarantined", "anonymize"), DECIDED), End("in_warehouse")),
    ("rare says something of others", (*WHOLE, died("rare", "nonidentify")), End("in_warehouse")),
    ("another's header names its place", (died("empty", "validate", ELSEWHERE, HERE),), UNDER_WAY),
]


@pytest.fixture
def owner(stack: Stack) -> Iterator[str]:
    with fresh_warehouse(stack.database_url) as url:
        yield url


@pytest.fixture
def role(owner: str) -> Iterator[str]:
    with login(owner, "pso_receipts") as url:
        yield url


def do(url: str, *statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def silent(line: str) -> None:
    raise AssertionError(line)


def ask(warehouse: Warehouse, provider: str = EVENT[0], event_id: str = EVENT[1], place: Receipt = PLACE) -> End:
    async def answered() -> End:
        return await warehouse(Question(provider, event_id, EVENT[2], place))

    return asyncio.run(answered())


def test_every_end_is_told_and_none_is_confused_with_another(owner: str, role: str) -> None:
    said, told = Warehouse(role, None, silent), {}
    for remark, statements, _ in ENDS:
        tables = "event_revisions, classifications, contributions, dead_letters, quarantine_decisions"
        do(owner, "truncate " + ", ".join(f"protected.{name}" for name in tables.split(", ")), *statements)
        told[remark] = ask(said)
    assert told == {remark: end for remark, _, end in ENDS}


def test_nobody_hears_of_an_event_of_another_provider(owner: str, role: str) -> None:
    do(owner, *WHOLE)
    warehouse, elsewhere = Warehouse(role, None, silent), Receipt(1, "pso-events-submitted-arr-m9d0", 0, 3, 0)
    assert ask(warehouse) == End("in_warehouse")
    assert ask(warehouse, provider="prv-q0z7hh", place=elsewhere) == UNDER_WAY
    assert ask(warehouse, event_id="evt-2", place=elsewhere) == UNDER_WAY
    assert ask(warehouse, place=elsewhere) == UNDER_WAY, "its name alone tells nothing"


@pytest.mark.parametrize(
    "statement",
    [
        "select 1 from protected.event_revisions",
        "select 1 from protected.dead_letters",
        "select 1 from vault.surrogates",
        "select 1 from operations.sink_positions",
        "create table receipts.mine (x text)",
        "create or replace function receipts.end_of() returns text language sql as 'select 1::text'",
    ],
)
def test_the_role_sees_no_table_and_makes_nothing(role: str, statement: str) -> None:
    with psycopg.connect(role) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement.encode())


@pytest.mark.parametrize("duty", ["pso_analyst_published", "pso_operator", "pso_sink"])
def test_no_other_duty_may_ask(owner: str, duty: str) -> None:
    with login(owner, duty) as url:
        assert ask(Warehouse(url, None, print)) == UNKNOWN


def test_a_function_that_everybody_may_call_is_said_and_put_right(owner: str) -> None:
    do(owner, "grant execute on function receipts.end_of to public")
    assert "EXECUTE on receipts.end_of to public is granted and must not be" in verify(owner)
    do(owner, "drop function receipts.end_of")
    assert "receipts.end_of is missing" in verify(owner)


def test_a_warehouse_that_is_locked_paused_or_gone_is_unknown_and_answers_again_later(owner: str, role: str) -> None:
    said: list[str] = []
    warehouse = Warehouse(role, None, said.append)
    do(owner, *WHOLE)
    with psycopg.connect(owner) as locking:
        locking.execute("lock table protected.event_revisions in access exclusive mode")
        began = time.monotonic()
        assert [ask(warehouse), ask(warehouse)] == [UNKNOWN, UNKNOWN]
        assert time.monotonic() - began < 6
    assert ask(warehouse) == End("in_warehouse")
    ((pid,),) = rows(owner, "select pid from pg_stat_activity where application_name = 'pso-gateway'")
    assert isinstance(pid, int)
    os.kill(pid, signal.SIGSTOP)
    assert [ask(warehouse), ask(warehouse)] == [UNKNOWN, UNKNOWN]
    os.kill(pid, signal.SIGCONT)
    assert ask(warehouse) == End("in_warehouse")
    do(owner, f"select pg_terminate_backend({pid})")
    assert [ask(warehouse), ask(warehouse)] == [UNKNOWN, End("in_warehouse")]
    assert [line.split("(")[0] for line in said] == [
        "receipts: the warehouse does not answer ",
        "receipts: the warehouse answers again",
    ] * 2, "a pause is not an answer: nothing is said"
    assert "evt-1" not in "".join(said)


def test_events_come_in_while_the_warehouse_hangs(owner: str, role: str, tmp_path: Path) -> None:
    with gateway(tmp_path, beyond=Warehouse(role, None, print)) as door, psycopg.connect(owner) as locking:
        headers = bearer(door.key()[0])

        def post(number: int) -> str:
            event = {"event_id": f"evt-{number}", "report_type": "incident"}
            answer = door.client.post("/v1/events", json=event, headers=headers)
            assert answer.status_code == 202
            return str(answer.json()["results"][0]["receipt"])

        receipt = post(1)
        with door.outbox() as outbox:
            outbox.settle([PLACE], [])
        locking.execute("lock table protected.event_revisions in access exclusive mode")
        with ThreadPoolExecutor(1) as pool:
            asking = pool.submit(door.client.get, f"/v1/receipts/{receipt}", headers=headers)
            eventually(lambda: len(rows(owner, WAITING)) == 1, every=0.01)
            post(2)
            assert not asking.done()
            answer = asking.result()
        assert (answer.status_code, answer.json()["state"], answer.json()["beyond"]) == (200, "sent", "unknown")
