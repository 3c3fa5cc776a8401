"""Stored narratives are read again for a comparison: all or a share, by whoever may, and never without a note of who did."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from deploy.dev.stack import Stack
from schemas.grades import Grade
from schemas.headers import Position
from schemas.records import SafetyEvent
from schemas.taxonomy import Action
from stream_processors.cli import exit_codes
from stream_processors.cli.program import _run
from stream_processors.domain.deidentification.tagging import shipped_version
from stream_processors.shapes import Arrival
from stream_processors.sinks.event_revisions import EVENT_REVISIONS
from stream_processors.warehouse.connections import WarehouseFailed
from stream_processors.warehouse.loader import Loader
from stream_processors.warehouse.narratives import PAGE, NoEvent, Reading, StoredEvent, stored_narratives
from stream_processors.warehouse.positions import Advance
from tests.integration.fresh_warehouse import fresh_warehouse, login, rows
from tests.support.builders import accepted, crowded_event, safety_event

TOPIC = "accepted"
COUNT = PAGE + 20
READING = Reading("staff-7", "before 0.2 goes live", Grade.P2, "a" * 16)
NOTED = "select read_by, reason, grade, engine from protected.narrative_readings"


def stored() -> list[SafetyEvent]:
    """More than a page with words, and what has none to read: a withdrawal, an event without narratives."""
    told = [crowded_event(event_id=f"evt-{number}") for number in range(COUNT)]
    return [*told, crowded_event(event_id="gone", revision=2, action=Action.WITHDRAW), safety_event(event_id="silent")]


@pytest.fixture(scope="module")
def warehouse(stack: Stack) -> Iterator[str]:
    with fresh_warehouse(stack.database_url) as url:
        loader = Loader(EVENT_REVISIONS, url)
        loader.positions([(TOPIC, 0)])
        batch = []
        for offset, event in enumerate(stored()):
            arrival = Arrival(Position(TOPIC, 0, offset), [], hashlib.sha256(event.event_id.encode()).digest())
            batch.append((*EVENT_REVISIONS.row(accepted(event), arrival), TOPIC, 0, offset))
        loader.load(batch, [Advance(TOPIC, 0, 0, len(batch))], lambda refused: None)
        loader.close()
        yield url


@pytest.fixture
def reader(warehouse: str) -> Iterator[str]:
    with psycopg.connect(warehouse) as owner:
        owner.execute("truncate protected.narrative_readings")
    with login(warehouse, "pso_analyst_protected", "pso_operator") as url:
        yield url


def read(url: str, share: float = 1.0) -> list[StoredEvent]:
    return list(stored_narratives(url, READING, share))


def test_every_revision_with_words_is_read_once_and_whole_and_the_reading_is_noted(warehouse: str, reader: str) -> None:
    found = read(reader)
    assert len(found) == COUNT
    assert {one.event.event_id for one in found} == {f"evt-{number}" for number in range(COUNT)}
    events = stored()
    assert all(one.event == events[one.position.offset] for one in found)
    assert rows(warehouse, NOTED) == [("staff-7", "before 0.2 goes live", "P2", "a" * 16)]


def test_a_share_is_the_same_each_time_and_part_of_every_larger_one(reader: str) -> None:
    small, again, large = (
        [one.position for one in found] for found in (read(reader, 0.1), read(reader, 0.1), read(reader, 0.4))
    )
    assert small == again
    assert set(small) < set(large)
    assert 0.02 * COUNT < len(small) < 0.25 * COUNT


def test_nothing_is_read_before_the_reading_is_noted(warehouse: str, reader: str) -> None:
    first = next(iter(stored_narratives(reader, READING, 1.0)))
    assert first.event.narratives
    assert len(rows(warehouse, NOTED)) == 1


@pytest.mark.parametrize("duty", ["pso_analyst_protected", "pso_operator", "pso_auditor", "pso_sink"])
def test_one_duty_alone_may_not(warehouse: str, duty: str) -> None:
    with login(warehouse, duty) as url, pytest.raises(WarehouseFailed, match="InsufficientPrivilege"):
        read(url)


def test_what_is_stored_and_is_no_event_is_told_by_its_place(warehouse: str, reader: str) -> None:
    spoil = "update protected.event_revisions set event = event {} '{{\"harm\": \"Vandersloot\"}}' where event_id = 'evt-3'"
    with psycopg.connect(warehouse) as owner:
        before = owner.execute("select event::text from protected.event_revisions where event_id = 'evt-3'").fetchone()
        owner.execute(spoil.format("||").encode())
    try:
        with pytest.raises(NoEvent, match=f"what came from {TOPIC}:0:3 ") as refused:
            read(reader)
        assert "Vandersloot" not in str(refused.value)
        assert refused.value.__context__ is None
    finally:
        with psycopg.connect(warehouse) as owner:
            owner.execute("update protected.event_revisions set event = %s where event_id = 'evt-3'", before)


def test_two_runs_over_the_same_events_differ_in_nothing_and_no_place_names_anybody(
    warehouse: str, reader: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setenv("PSO_DATABASE_URL", reader)
    asked = ["deidentify", "--grade", "nonidentifiable", "--from-warehouse", "--by", "staff-7", "--reason", "go-live"]
    before, now = tmp_path / "before.jsonl", tmp_path / "now.jsonl"
    assert _run([*asked, "--share", "0.2", str(before)]) == exit_codes.OK
    assert _run([*asked, "--share", "0.2", "--replay-diff", str(before), "--json", str(now)]) == exit_codes.OK
    told = json.loads(capsys.readouterr().out)
    assert (told["differs"], told["texts_only_now"]) == (False, 0)
    assert told["texts"] > 50
    assert told["types"]["NAME"]["same"] >= told["texts"]
    meta, *results = [json.loads(line) for line in now.read_text().splitlines()]
    assert meta["_meta"]["manifest"]["engine"] == shipped_version().id
    assert {result["id"].rpartition(":")[0] for result in results} == {f"{TOPIC}:0"}
    assert "Vandersloot" not in now.read_text()
    assert rows(warehouse, "select count(*), min(grade) from protected.narrative_readings where reason = 'go-live'") == [
        (2, "P2")
    ]
