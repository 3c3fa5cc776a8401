"""Counts of what is rare: made from the stored events, kept by their hash, asked by whoever discloses. And offsets of dates."""

import hashlib
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import psycopg
import pytest

from deploy.dev.stack import Stack
from schemas.grades import Grade
from schemas.headers import Position
from schemas.records import AcceptedEvent, Classification, ClassifiedEvent
from schemas.records.parts import Device
from schemas.records.people import Facility
from schemas.taxonomy import Action, Category, Setting
from stream_processors.cli import context, exit_codes
from stream_processors.cli.program import _run
from stream_processors.domain.deidentification.nonidentified import nonidentify
from stream_processors.domain.deidentification.rare import UNASKED, UNCOUNTED, combinations_of
from stream_processors.domain.deidentification.shifted_dates import OFFSETS, WEEKS
from stream_processors.settings import InvalidSettings, Settings
from stream_processors.shapes import Arrival, Sink, Subject
from stream_processors.sinks.classifications import CLASSIFICATIONS
from stream_processors.sinks.event_revisions import EVENT_REVISIONS
from stream_processors.warehouse.combinations import counted_events
from stream_processors.warehouse.connections import WarehouseFailed
from stream_processors.warehouse.date_offsets import date_offset
from stream_processors.warehouse.loader import Loader
from stream_processors.warehouse.narratives import NoEvent
from stream_processors.warehouse.positions import Advance
from stream_processors.warehouse.vault import Vault
from tests.integration.fresh_warehouse import fresh_warehouse, login, rows
from tests.support.builders import classified, safety_event

PUMP = Device(kind="infusion pump", manufacturer="Infusatron", model="IP-200")
ADVICE = Classification("rules 1", categories=(Category.FALL,))
MAKE = ["uniqueness", "snapshot", "--by", "staff-7", "--reason", "first year", "--json"]


def event(number: int, state: str = "OR", test: bool = False, **changes: Any) -> ClassifiedEvent:
    """The events of three providers in turn."""
    told = {"facility": Facility(state=state, zip_code="97201"), "devices": (PUMP,), **changes}
    return classified(safety_event(event_id=f"evt-{number}", provider=f"prv-{number % 3}", **told), ADVICE, test=test)


STORED = [
    *(event(number) for number in range(20)),
    event(20, state="WY", devices=()),
    event(21, categories=(), setting=Setting.UNKNOWN),  # counted by the classifier's advice
    event(22),
    event(22, revision=2, action=Action.CORRECT, event_date="2023"),
    event(23),
    event(23, revision=2, action=Action.WITHDRAW),
    event(24, test=True),
]
CURRENT = [*STORED[:22], STORED[23]]


def load(url: str, sink: Sink, records: list[Any]) -> None:
    with closing(Loader(sink, url)) as loader:
        loader.positions([(sink.name, 0)])
        batch = []
        for offset, record in enumerate(records):
            digest = hashlib.sha256(f"{offset}".encode()).digest()
            batch.append((*sink.row(record, Arrival(Position(sink.name, 0, offset), [], digest)), sink.name, 0, offset))
        loader.load(batch, [Advance(sink.name, 0, 0, len(batch))], lambda refused: None)


@pytest.fixture(scope="module")
def warehouse(stack: Stack) -> Iterator[str]:
    with fresh_warehouse(stack.database_url) as url:
        load(url, EVENT_REVISIONS, [AcceptedEvent(one.event, one.acceptance) for one in STORED])
        load(url, CLASSIFICATIONS, STORED)
        yield url


@pytest.fixture
def maker(warehouse: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with login(warehouse, "pso_analyst_protected", "pso_operator", "pso_vault") as url:
        monkeypatch.setenv("PSO_DATABASE_URL", url)
        yield url


def made(capsys: Any, *more: str) -> dict[str, Any]:
    capsys.readouterr()
    assert _run([*MAKE, *more]) == exit_codes.OK
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def settings(url: str, snapshot: str) -> Settings:
    return Settings.from_environ({"PSO_DATABASE_URL": url, "PSO_UNIQUENESS_SNAPSHOT": snapshot, "PSO_PROFILE": "dev"})


def test_current_events_are_counted_as_the_disclosure_would_tell_them_and_no_others(maker: str) -> None:
    counted = counted_events(maker)
    expected: dict[Any, int] = {}
    for one in CURRENT:
        key = (one.event.provider, combinations_of(nonidentify(one, "e", "c")))
        expected[key] = expected.get(key, 0) + 1
    assert {(one.contributor, one.combinations): one.events for one in counted} == expected


def test_a_first_snapshot_is_kept_by_its_hash_and_says_what_would_change(warehouse: str, maker: str, capsys: Any) -> None:
    told = made(capsys)
    assert {name: told[name] for name in ("events", "same", "more_general", "more_told", "withheld", "in_force")} == {
        "events": 23, "same": 3, "more_general": 0, "more_told": 20, "withheld": 0, "in_force": "",
    }  # fmt: skip
    kept = "select hash, sha256(content) = decode(hash, 'hex'), events, made_by, reason from vault.combination_snapshots"
    assert rows(warehouse, kept) == [(told["snapshot"], True, 23, "staff-7", "first year")]


def test_what_the_settings_name_is_asked_and_a_replay_asks_the_same(maker: str, capsys: Any) -> None:
    named = made(capsys)["snapshot"]
    first, second = (nonidentify(event(0), "e", "c", rarity=context.rarity(settings(maker, named))) for _ in range(2))
    assert first == second
    assert (first.state, first.zip3, first.devices[0].model) == ("OR", "972", "IP-200")
    assert first.manifest is not None
    assert first.manifest.combinations == named
    rare = nonidentify(event(20, state="WY", devices=()), "e", "c", rarity=context.rarity(settings(maker, named)))
    assert (rare.state, rare.zip3, rare.setting) == (None, None, Setting.UNKNOWN)


def test_the_next_snapshot_is_compared_with_the_one_in_force(maker: str, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PSO_UNIQUENESS_SNAPSHOT", made(capsys)["snapshot"])
    again = made(capsys)
    assert (again["same"], again["more_told"], again["more_general"]) == (23, 0, 0)
    strict = made(capsys, "--events", "1000", "--withhold")
    assert (strict["same"], strict["withheld"]) == (0, 23)
    assert _run(["uniqueness", "list"]) == exit_codes.OK
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines if line.endswith("in force")] == [again["in_force"]]


def test_without_a_name_nothing_rare_is_told_and_off_asks_nothing(maker: str) -> None:
    assert context.rarity(settings(maker, "")) is UNCOUNTED
    assert context.rarity(settings(maker, "off")) is UNASKED


def test_a_snapshot_that_is_missing_or_changed_lets_nothing_start(warehouse: str, maker: str, capsys: Any) -> None:
    with pytest.raises(InvalidSettings, match="no snapshot of this hash"):
        context.rarity(settings(maker, "0" * 64))
    named = made(capsys)["snapshot"]
    with psycopg.connect(warehouse) as owner:
        owner.execute("update vault.combination_snapshots set content = content || '\\x20' where hash = %s", (named,))
    with pytest.raises(InvalidSettings, match="does not have the hash"):
        context.rarity(settings(maker, named))


def test_nobody_makes_a_snapshot_without_saying_who_and_why(maker: str, capsys: Any) -> None:
    assert _run([*MAKE[:2], "--by", " ", "--reason", "why"]) == exit_codes.USAGE


@pytest.mark.parametrize("duties", [("pso_analyst_protected",), ("pso_operator",), ("pso_auditor",), ("pso_sink",)])
def test_one_duty_alone_may_not(warehouse: str, monkeypatch: pytest.MonkeyPatch, duties: tuple[str, ...]) -> None:
    with login(warehouse, *duties) as url:
        monkeypatch.setenv("PSO_DATABASE_URL", url)
        assert _run(MAKE) == exit_codes.FAILED


def test_what_is_stored_as_no_event_is_said_without_a_word_of_it(warehouse: str, maker: str) -> None:
    spoil = (
        """update protected.event_revisions set event = event || '{{"devices": "{}"}}' where event_id = 'evt-24' returning 1"""
    )
    with psycopg.connect(warehouse) as owner:
        owner.execute("update protected.event_revisions set test = false where event_id = 'evt-24'")
        owner.execute(spoil.format("Vandersloot").encode())
    try:
        with pytest.raises(NoEvent, match="none of this version") as refused:
            counted_events(maker)
        assert refused.value.__context__ is None
    finally:
        with psycopg.connect(warehouse) as owner:
            owner.execute("update protected.event_revisions set test = true where event_id = 'evt-24'")


def test_the_seed_of_invented_names_is_random_and_kept(maker: str) -> None:
    one, other = Subject("names", Grade.P1, "prv-0|evt-1"), Subject("names", Grade.P1, "prv-0|evt-2")
    with closing(Vault(maker)) as vault, closing(Vault(maker)) as second:
        first = vault.surrogates([one, other])
        assert second.surrogates([other, one]) == first
    assert first[one] != first[other]
    assert all(seed.startswith("nms-") for seed in first.values())


def test_a_patient_keeps_one_random_offset_whoever_asks_first(maker: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        found = set(pool.map(lambda _: date_offset(maker, "prv-0|mrn-1"), range(4)))
    assert len(found) == 1
    assert found < set(OFFSETS)
    weeks = {date_offset(maker, f"prv-0|mrn-{number}", WEEKS) for number in range(2, 12)}
    assert weeks <= set(WEEKS)
    assert len(weeks) > 1


def test_offsets_and_snapshots_are_for_the_vault_alone(warehouse: str) -> None:
    with login(warehouse, "pso_analyst_protected", "pso_operator") as url, pytest.raises(WarehouseFailed):
        date_offset(url, "prv-0|mrn-1")
