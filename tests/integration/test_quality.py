"""`pso quality` on a real warehouse: rows come through the sinks, figures stay, and only whoever may read P0 gets them."""

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import psycopg
import pytest

from deploy.dev.stack import Stack
from schemas.headers import Death, Pairs, Position, Trail
from schemas.records import AcceptedEvent
from schemas.records.parts import OriginalValue, Source
from schemas.taxonomy import Action, Category, Setting
from schemas.topics import submitted as entry_topic
from stream_processors.cli import exit_codes
from stream_processors.shapes import Arrival, Sink
from stream_processors.sinks.dead_letters import dead_letters
from stream_processors.sinks.event_revisions import EVENT_REVISIONS
from stream_processors.warehouse.loader import Loader
from stream_processors.warehouse.positions import Advance
from tests.integration.fresh_warehouse import fresh_warehouse, login, rows
from tests.support.builders import ARRANGEMENTS_FILE, OTHER_PROVIDER, PROVIDER, accepted, safety_event
from tests.unit.cli.running import Ran, ran

NAMESPACE = "q-"
TAKEN_MS = 1_715_958_240_000  # an hour and a minute after the invented events entered their PSES
SOURCE = Source("Riskwatcher", "csv", "rw v1", (OriginalValue("categories", "Zork"),))
TEST_ARRANGEMENT = """
[[arrangement]]
id = "arr-test"
provider = "prv-test"
provider_type = "hospital"
policy_version = 1
in_force_from = 2020-01-01
test = true
"""


def numbered(name: str, count: int, **changes: Any) -> list[AcceptedEvent]:
    return [accepted(safety_event(event_id=f"{name}-{n}", unit=f"ward {n}", **changes)) for n in range(count)]


def submitted() -> list[AcceptedEvent]:
    """A provider with a mapping that puts all into `other`, another without faults, and what must not count."""
    copied = safety_event(event_id="again", unit="ward 0", source=SOURCE, categories=(Category.OTHER,))
    withdrawn = safety_event(event_id="gone", revision=2, action=Action.WITHDRAW)
    return [
        *numbered("a", 19, source=SOURCE, categories=(Category.OTHER,)),
        accepted(copied),
        accepted(safety_event(event_id="gone", setting=Setting.UNKNOWN)),
        accepted(withdrawn),
        *numbered("b", 12, provider=OTHER_PROVIDER, setting=Setting.HOME),
        *[accepted(one.event, test=True) for one in numbered("t", 30, provider="prv-test", setting=Setting.UNKNOWN)],
    ]


def load(url: str, sink: Sink, records: Sequence[tuple[object, Pairs]], topic: str) -> None:
    """As the sink's process does, in its duty."""
    with login(url, "pso_sink") as as_sink:
        loader = Loader(sink, as_sink)
        loader.positions([(topic, 0)])
        batch = []
        for offset, (record, pairs) in enumerate(records):
            arrival = Arrival(Position(topic, 0, offset), pairs, hashlib.sha256(repr(record).encode()).digest())
            batch.append((*sink.row(record, arrival), topic, 0, offset))
        loader.load(batch, [Advance(topic, 0, 0, len(batch))], lambda refused: None)
        loader.close()


def entered(arrangement: str, offset: int) -> Pairs:
    """The trail of a record that entered through the topic of this arrangement."""
    return Trail(Position(NAMESPACE + entry_topic(arrangement).name, 0, offset), TAKEN_MS).pairs()


def died(arrangement: str, offset: int, reason: str, step: str = "validate") -> tuple[object, Pairs]:
    """A dead letter of such a record."""
    death = Death(reason, "", step, Position("somewhere", 0, offset), "test")
    return None, [*entered(arrangement, offset), *death.pairs()]


@pytest.fixture(scope="module")
def warehouse(stack: Stack) -> Iterator[str]:
    with fresh_warehouse(stack.database_url) as url:
        events = [(one, entered("arr-7k2q", offset)) for offset, one in enumerate(submitted())]
        load(url, EVENT_REVISIONS, events, "accepted")
        letters = [
            died("arr-7k2q", 1000, "incomplete"),
            died("arr-7k2q", 1001, "incomplete"),
            died("arr-7k2q", 1001, "refused_by_warehouse", "sink-anonymized"),  # the same record
            died("arr-7k2q", 3, "refused_by_warehouse", "sink-anonymized"),  # it has its row in P0
            died("arr-7k2q", 1002, "unexpected"),  # our fault
            died("arr-m9d0", 7, "not_framed"),
            died("arr-test", 8, "incomplete"),  # invented
            died("arr-gone", 9, "incomplete"),  # nobody's
        ]
        load(url, dead_letters(()), letters, "dead")
        yield url


@pytest.fixture
def setting(warehouse: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """The environment of an analyst of P0, with nothing measured yet."""
    (tmp_path / "arrangements.toml").write_text(ARRANGEMENTS_FILE.read_text() + TEST_ARRANGEMENT)
    monkeypatch.setenv("PSO_ARRANGEMENTS_FILE", str(tmp_path / "arrangements.toml"))
    monkeypatch.setenv("PSO_NAMESPACE", NAMESPACE)
    with psycopg.connect(warehouse) as owner:
        owner.execute("truncate protected.quality_measures, protected.quality_runs restart identity")
    with login(warehouse, "pso_analyst_protected", "pso_operator") as url:
        monkeypatch.setenv("PSO_DATABASE_URL", url)
        yield monkeypatch


def measured(options: str = "") -> dict[str, Any]:
    found = ran(f"quality --json {options}")
    assert found.code == exit_codes.OK, found.err
    data: dict[str, Any] = json.loads(found.out)
    return data


def figure(data: dict[str, Any], provider: str, name: str, subject: str = "", system: str = "") -> tuple[int, int] | None:
    (batch,) = [one for one in data["batches"] if (one["provider"], one["system"]) == (provider, system)]
    found = [one for one in batch["measures"] if (one["measure"], one["subject"]) == (name, subject)]
    return (found[0]["part"], found[0]["whole"]) if found else None


@pytest.mark.usefixtures("setting")
def test_figures_of_the_rows_by_provider_and_batch_without_withdrawals_and_invented_events() -> None:
    data = measured()
    assert [(one["provider"], one["system"], one["mapping"], one["events"]) for one in data["batches"]] == [
        (PROVIDER, "", "", 20),
        (PROVIDER, "Riskwatcher", "rw v1", 20),
        (OTHER_PROVIDER, "", "", 12),
        (OTHER_PROVIDER, "unnamed system", "", 12),
    ]
    assert figure(data, PROVIDER, "vague", "categories", "Riskwatcher") == (20, 20)
    assert figure(data, PROVIDER, "unmapped", "categories") == (20, 20)
    assert figure(data, PROVIDER, "repeated") == (1, 20)
    assert figure(data, PROVIDER, "complete", "harm") == (20, 20)
    assert figure(data, OTHER_PROVIDER, "unmapped") is None
    assert figure(data, PROVIDER, "event_to_report_days", "median") == (1, 20)
    assert figure(data, PROVIDER, "entry_to_pso_seconds", "median") == (3660, 20), "from the trail of the record"


@pytest.mark.usefixtures("setting")
def test_what_was_refused_counts_once_and_by_the_topic_through_which_it_came() -> None:
    found = ran("quality --json")
    data = json.loads(found.out)
    assert figure(data, PROVIDER, "invalid") == (2, 22)
    assert figure(data, PROVIDER, "invalid", "incomplete") == (2, 22)
    assert figure(data, OTHER_PROVIDER, "invalid", "not_framed") == (1, 13)
    assert "1 refused records came through topics that no arrangement of the file has" in found.err
    assert "arr-gone" not in found.err


@pytest.mark.usefixtures("setting")
def test_the_report_is_the_worst_first_with_a_sentence_and_without_a_value() -> None:
    found = ran("quality")
    assert found.code == exit_codes.OK
    assert found.out.index(PROVIDER) < found.out.index(OTHER_PROVIDER)
    assert "100% of 20 values of categories have no canonical code" in found.out
    assert "mapping's `values`" in found.out
    assert "Zork" not in found.out + ran("quality --json").out


@pytest.mark.usefixtures("setting")
def test_one_provider_and_a_day_narrow_what_is_measured(warehouse: str) -> None:
    one = measured(f"--provider {OTHER_PROVIDER} --near-copies")
    assert {batch["provider"] for batch in one["batches"]} == {OTHER_PROVIDER}
    assert figure(one, OTHER_PROVIDER, "nearly_repeated") is not None
    assert measured("--since 2199-01-01")["batches"] == []
    assert ran("quality --provider prv-nobody").code == exit_codes.USAGE
    assert ran(f"quality --every 60 --provider {OTHER_PROVIDER}").code == exit_codes.USAGE
    asked = "select run, only_provider, since::text, near_copies from protected.quality_runs order by run"
    assert rows(warehouse, asked) == [(1, OTHER_PROVIDER, None, True), (2, None, "2199-01-01", False)]


@pytest.mark.usefixtures("setting")
def test_every_run_is_added_and_what_it_says_is_what_was_printed(warehouse: str) -> None:
    first, second = measured(), measured()
    assert (first["run"], second["run"]) == (1, 2)
    assert [first["batches"], first["findings"]] == [second["batches"], second["findings"]]
    kept = "select run, count(*) from protected.quality_measures group by run order by run"
    figures = sum(len(batch["measures"]) for batch in first["batches"])
    assert rows(warehouse, kept) == [(1, figures), (2, figures)]
    one = f"select part, whole from protected.quality_measures where run = 2 and provider = '{PROVIDER}'"
    assert rows(warehouse, f"{one} and source_system = '' and measure = 'repeated'") == [(1, 20)]


@pytest.mark.parametrize(
    "duty", ["pso_operator", "pso_auditor", "pso_publisher", "pso_analyst_anonymized", "pso_analyst_protected"]
)
def test_whoever_may_not_read_identified_events_or_not_add_a_run_gets_no_figure(
    warehouse: str, setting: pytest.MonkeyPatch, duty: str
) -> None:
    with login(warehouse, duty) as url:
        setting.setenv("PSO_DATABASE_URL", url)
        found = ran("quality")
    assert (found.code, found.out) == (exit_codes.FAILED, "")
    assert rows(warehouse, "select count(*) from protected.quality_runs") == [(0,)]


@pytest.mark.usefixtures("setting")
def test_a_figure_that_was_kept_is_changed_by_nobody() -> None:
    measured()
    with psycopg.connect(os.environ["PSO_DATABASE_URL"], autocommit=True) as analyst:
        for statement in ("update protected.quality_measures set part = 0", "delete from protected.quality_runs"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                analyst.execute(statement.encode())


def test_a_row_that_is_no_event_is_told_by_its_place_and_nothing_is_kept(warehouse: str, setting: pytest.MonkeyPatch) -> None:
    change = "update protected.event_revisions set event = event {} where event_id = 'b-3'"
    with psycopg.connect(warehouse) as owner:
        owner.execute(change.format('|| \'{"harm": "Vandersloot"}\'').encode())
    try:
        found: Ran = ran("quality")
    finally:
        with psycopg.connect(warehouse) as owner:
            owner.execute(change.format('|| \'{"harm": "mild"}\'').encode())
    assert found.code == exit_codes.FAILED
    assert "what came from accepted:0:25 is stored as no event of this version" in found.err
    assert "Vandersloot" not in found.err
    assert rows(warehouse, "select count(*) from protected.quality_runs") == [(0,)]
