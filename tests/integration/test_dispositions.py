"""What contracts say of keeping, handing over, destroying and feedback, carried out on a real warehouse."""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import psycopg
import pytest

from deploy.dev.stack import Stack
from stream_processors.cli import exit_codes
from stream_processors.domain.contract.document import ArrangementDocument, Disposition, Exit, Feedback, Period, Retention, Term
from stream_processors.domain.contract.reading import parse_document
from tests.integration.fresh_warehouse import fresh_warehouse, login, rows
from tests.support.documents import WIDE
from tests.unit.cli.running import ran

BASE = msgspec.structs.replace(parse_document(WIDE), feedback=Feedback(Period.NEVER))
BY = "--by 'staff 17' --reason 'as agreed'"
NOW = datetime.now(UTC)
WORDS = "the patient fell at night"
_EVENT = """
insert into protected.event_revisions (provider, event_id, revision, digest, action, policy_version, arrangement, provider_type,
  report_type, event, reported_at, topic, partition, kafka_offset)
values (%s, %s, %s, %s, 'report', 3, %s, 'hospital', 'incident', %s, %s, 't', 0, 0)
"""


@pytest.fixture
def owner(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A warehouse, and the environment of somebody who may do what these commands need and nothing else."""
    with fresh_warehouse(stack.database_url) as url, login(url, "pso_custodian", "pso_analyst_protected") as custodian:
        monkeypatch.setenv("PSO_DATABASE_URL", custodian)
        yield url


def agree(owner: str, document: ArrangementDocument) -> None:
    statement = """insert into protected.arrangement_versions values
      (%s, %s, %s, %s, now(), %s, true, 10, 3, 'staff 17', 'signed', 't', 0, 0)"""
    content = msgspec.json.encode(msgspec.to_builtins(document)).decode()
    with psycopg.connect(owner) as connection:
        connection.execute(statement, (document.id, document.version, b"x", document.parties.provider, content))


def store(owner: str, event_id: str, age: timedelta, revision: int = 1, document: ArrangementDocument = BASE) -> None:
    event = json.dumps({"event_id": event_id, "harm": "mild", "categories": ["fall"], "narratives": [{"text": WORDS}]})
    key = (document.parties.provider, event_id, revision, f"{event_id}{revision}".encode())
    with psycopg.connect(owner) as connection:
        connection.execute(_EVENT, (*key, document.id, event, NOW - age))


def ended(leaving: Exit) -> ArrangementDocument:
    yesterday = (NOW - timedelta(days=1)).date().isoformat()
    return msgspec.structs.replace(BASE, term=Term("2020-01-01", yesterday), exit=leaving)


def words_left(owner: str) -> list[str]:
    return [str(id_) for (id_,) in rows(owner, "select event_id from protected.event_revisions where event <> '{}' order by 1")]


def test_what_is_kept_beyond_its_years_is_destroyed_and_nothing_else(owner: str) -> None:
    agree(owner, msgspec.structs.replace(BASE, retention=Retention(5)))
    store(owner, "old", timedelta(days=5 * 366))
    store(owner, "young", timedelta(days=5 * 365 - 10))
    store(owner, "corrected", timedelta(days=4000))
    store(owner, "corrected", timedelta(days=10), revision=2)
    with psycopg.connect(owner) as connection:
        connection.execute("insert into vault.surrogates values ('event', 'P1', 'prv-8f3k2m|old', 'sur-1')")
        connection.execute(
            "insert into anonymized.event_revisions (event, revision, digest, action, contributor, policy_version, categories,"
            " record, topic, partition, kafka_offset) values ('sur-1', 1, 'x', 'report', 'c', 3, '{}', %s, 't', 0, 0)",
            (json.dumps({"text": WORDS}),),
        )
    listed = ran("arrangement due --json")
    assert listed.code == exit_codes.FOUND
    assert [(one["term"], one["what"].split()[0]) for one in json.loads(listed.out)] == [("retention", "1")]

    dry = ran(f"arrangement destroy arr-7k2q --because retention {BY}")
    assert (dry.code, dry.out, "1 events would be destroyed" in dry.err) == (exit_codes.OK, "", True)
    assert words_left(owner) == ["corrected", "corrected", "old", "young"]

    done = ran(f"arrangement destroy arr-7k2q --because retention {BY} --yes")
    certificate = json.loads(done.out)
    assert (certificate["events"], certificate["revisions"], certificate["done_by"]) == (1, 1, "staff 17")
    key = f"prv-8f3k2m|old|1|{b'old1'.hex()}"
    assert certificate["keys_sha256"] == hashlib.sha256(key.encode()).hexdigest()
    assert "pso-events-submitted-arr-7k2q" in certificate["not_reached"]["topics_kept_for_ever"]
    assert words_left(owner) == ["corrected", "corrected", "young"]
    assert rows(owner, "select record, destroyed from anonymized.event_revisions") == [({}, True)]
    assert rows(owner, "select event_id from protected.events_current order by 1") == [("corrected",), ("young",)]

    assert json.loads(ran("arrangement certificates arr-7k2q").out) == [certificate], "whoever was interrupted asks again"

    again = ran(f"arrangement destroy arr-7k2q --because retention {BY} --yes")
    assert (again.code, again.out, "nothing is to be destroyed" in again.err) == (exit_codes.OK, "", True)
    assert ran("arrangement due").code == exit_codes.OK


def test_a_contract_that_says_nothing_of_it_lets_nothing_be_destroyed(owner: str) -> None:
    agree(owner, BASE)
    store(owner, "old", timedelta(days=9000))
    for grounds, term in (("retention", "retention.years"), ("exit", "term.until")):
        refused = ran(f"arrangement destroy arr-7k2q --because {grounds} {BY} --yes")
        assert (refused.code, term in refused.err) == (exit_codes.REFUSED, True)
        assert rows(owner, f"select protected.destroy('arr-7k2q', '{grounds}', 'x', 'y')") == [(None,)], "nor by SQL alone"
    assert words_left(owner) == ["old"]
    unknown = ran(f"arrangement destroy arr-none --because exit {BY}")
    assert (unknown.code, "no contract of this id" in unknown.err) == (exit_codes.FAILED, True)


def test_at_the_end_it_is_handed_over_and_only_then_destroyed(owner: str, tmp_path: Path) -> None:
    agree(owner, ended(Exit(Disposition.RETURN)))
    store(owner, "one", timedelta(days=900))
    store(owner, "one", timedelta(days=800), revision=2)
    first = ran(f"arrangement destroy arr-7k2q --because exit {BY} --yes")
    assert (first.code, "hand-over" in first.err) == (exit_codes.REFUSED, True)

    target = tmp_path / "returned.jsonl"
    assert ran(f"arrangement hand-over arr-7k2q --to {target} {BY}").code == exit_codes.OK
    assert not target.exists(), "a dry run"
    handed = json.loads(ran(f"arrangement hand-over arr-7k2q --to {target} {BY} --yes").out)
    lines = [json.loads(line) for line in target.read_text().splitlines()]
    assert [(line["event_id"], line["revision"], line["event"]["narratives"][0]["text"]) for line in lines] == [
        ("one", 1, WORDS),
        ("one", 2, WORDS),
    ]
    assert handed["file_sha256"] == hashlib.sha256(target.read_bytes()).hexdigest()
    assert target.stat().st_mode & 0o777 == 0o600
    assert (handed["events"], handed["revisions"], handed["permitted_by"]) == (1, 2, "42 CFR 3.108(b)(3)")

    store(owner, "late", timedelta(days=2))  # reached the warehouse after the file was written
    assert {one["command"].split()[2] for one in json.loads(ran("arrangement due --json").out)} == {"hand-over", "destroy"}
    done = json.loads(ran(f"arrangement destroy arr-7k2q --because exit {BY} --yes").out)
    assert (done["events"], done["revisions"]) == (1, 2)
    assert words_left(owner) == ["late"]
    assert rows(owner, "select act, recorded_by <> 'postgres' from protected.dispositions order by 1") == [
        ("destroyed", True),
        ("handed_over", True),
    ]


def test_a_replay_does_not_bring_back_what_was_destroyed(owner: str) -> None:
    agree(owner, ended(Exit(Disposition.DESTROY, why_not_returned="no system can take it")))
    store(owner, "one", timedelta(days=900))
    assert json.loads(ran(f"arrangement destroy arr-7k2q --because exit {BY} --yes").out)["events"] == 1
    with pytest.raises(psycopg.errors.UniqueViolation):
        store(owner, "one", timedelta(days=900))
    assert words_left(owner) == []


@pytest.mark.parametrize(
    "statement",
    [
        "update protected.event_revisions set event = '{}'",
        "delete from protected.event_revisions",
        "insert into protected.dispositions (arrangement, act, grounds) values ('arr-7k2q', 'destroyed', 'exit')",
        "update protected.disposed_revisions set revision = 2",
        "select protected.held('arr-7k2q')",
    ],
)
def test_a_custodian_destroys_by_the_judge_alone(owner: str, statement: str) -> None:
    denied = pytest.raises(psycopg.errors.InsufficientPrivilege)
    with login(owner, "pso_custodian") as url, psycopg.connect(url) as connection, denied:
        connection.execute(statement.encode())
    with psycopg.connect(owner) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("delete from protected.dispositions")


def test_feedback_is_of_the_providers_own_reports_and_of_affiliates_where_both_say_so(owner: str) -> None:
    month = (NOW.replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
    parties = BASE.parties
    own = msgspec.structs.replace(
        BASE, feedback=Feedback(Period.MONTH), parties=msgspec.structs.replace(parties, affiliates=("prv-b", "prv-c"))
    )
    mutual = msgspec.structs.replace(
        BASE, id="arr-b", parties=msgspec.structs.replace(parties, provider="prv-b", affiliates=(parties.provider,))
    )
    silent = msgspec.structs.replace(BASE, id="arr-c", parties=msgspec.structs.replace(parties, provider="prv-c"))
    age = NOW - (NOW.replace(day=1) - timedelta(days=2))
    for document in (own, mutual, silent):
        agree(owner, document)
        store(owner, "in-it", age, document=document)
    store(owner, "before", age + timedelta(days=40), document=own)
    assert [one["term"] for one in json.loads(ran("arrangement due --json").out)] == ["feedback"]

    told = json.loads(ran(f"arrangement feedback arr-7k2q --period {month} --by 'staff 17' --yes").out)
    assert (told["events"], told["withdrawn"], told["corrected"]) == (1, 0, 0)
    assert told["counts"] == [{"report_type": "incident", "withdrawn": False, "category": "fall", "harm": "mild", "events": 1}]
    assert [(one["provider"], one["events"]) for one in told["affiliates"]] == [("prv-b", 1)]
    assert WORDS not in json.dumps(told)
    assert ran("arrangement due").code == exit_codes.OK, "it was given"
    wrong = ran("arrangement feedback arr-7k2q --period 2024-Q1 --by 'staff 17'")
    never = ran(f"arrangement feedback arr-b --period {month} --by 'staff 17'")
    assert (wrong.code, never.code, "never" in never.err) == (exit_codes.REFUSED, exit_codes.REFUSED, True)
