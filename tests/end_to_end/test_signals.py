"""Benefit four of the Act through the real stream: what no provider can see alone is found in the pool, and naming nobody."""

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from deploy.dev.stack import Stack
from schemas.catalogue import bundled
from schemas.codec import Codec
from schemas.connection import KafkaConnection
from schemas.headers import Trail
from schemas.records import Alert, SafetyEvent, Signal
from schemas.records.counting import READING
from schemas.taxonomy import Action, Category, Harm, Setting
from schemas.topics import ALERTS_RAISED, EVENTS_ANONYMIZED, EVENTS_NONIDENTIFIED, SIGNALS_RAISED, submitted
from stream_processors.domain.signals.pooled_pairs import METHODS
from stream_processors.domain.signals.pooled_rare_event import METHOD as RARE
from stream_processors.domain.signals.signal_parameters import written
from stream_processors.runtime.delivery import Delivery
from stream_processors.runtime.messages import Outgoing
from tests.end_to_end.conftest import System, running
from tests.integration.fresh_warehouse import fresh_database
from tests.support.builders import safety_event
from tests.support.deadline import eventually
from tests.support.kafka import read_all
from tests.unit.domain.test_pair_signals import PINNED

NAMESPACE = "signals-"
PROVIDERS = [f"prv-{name}" for name in ("ada", "bel", "cyd", "dov", "eir", "fox")]
CODEC = Codec(bundled())
MOST_SECONDS = 10.0
"""From the acceptance of a severe event to its alert."""

RAISED = "select distinct method from protected.signals where category = %s and raised order by 1"
LAST = "select raised, events, contributors from protected.signals where category = 'surgery' and method = %s and setting <> ''"
OPEN = "select extract(epoch from loaded_at)::float8 from protected.open_alerts where event_id = %s"


@dataclass
class Pool:
    """A running system with six providers."""

    system: System
    delivery: Delivery
    sent: int = field(default=0)

    def send(self, events: Sequence[SafetyEvent]) -> None:
        """Events to the entry topics of their providers, as their publishers would write them."""
        self.delivery.deliver([_submitted(event) for event in events])

    def spread(self, category: Category, providers: Sequence[str]) -> list[SafetyEvent]:
        """One death in the operating room from each of these, in one month."""
        self.sent += 1
        return [event(name, f"{category}-{self.sent}-{place}", categories=(category,)) for place, name in enumerate(providers)]

    def usual(self, category: Category) -> list[SafetyEvent]:
        """Deaths on wards in another month, forty in all, so that there is something to compare with."""
        ward = {"setting": Setting.INPATIENT_UNIT, "event_date": "2021-02-10", "categories": (category,)}
        return [event(PROVIDERS[n % 6], f"{category}-ward-{n}", **ward) for n in range(40)]


def _submitted(record: SafetyEvent) -> Outgoing:
    topic = submitted(f"arr-{record.provider.removeprefix('prv-')}")
    return Outgoing(NAMESPACE + topic.name, 0, topic.key(record).encode(), CODEC.encode(record), [])


def event(provider: str, event_id: str, **changes: object) -> SafetyEvent:
    where = {"setting": Setting.OPERATING_ROOM, "harm": Harm.DEATH, "event_date": "2021-01-10"}
    dates = {"discovery_date": None, "report_date": "2021-03-01", "event_time": None}
    return safety_event(provider=provider, event_id=event_id, **(where | dates | changes))


@pytest.fixture(scope="module")
def pool(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pool]:
    """Worker and sink with pinned parameters, on a database of their own."""
    folder = tmp_path_factory.mktemp("signals")
    with fresh_database(stack.database_url) as database:
        environment = stack.environment() | {
            "PSO_NAMESPACE": NAMESPACE,
            "PSO_PARTITIONS": "1",  # one log: what was sent before a signal that came was looked at before it
            "PSO_ARRANGEMENTS_FILE": str(_arrangements(folder)),
            "PSO_SIGNAL_PARAMETERS_FILE": str(folder / "parameters.json"),
            "PSO_SESSION_TIMEOUT_SECONDS": "6",
            "PSO_DATABASE_URL": database,
        }
        (folder / "parameters.json").write_text(written(PINNED).replace("2024-01", "2021-01"))
        with running(environment, stack, folder) as system:
            delivery = Delivery(KafkaConnection(stack.bootstrap), "tests-signals")
            yield Pool(system, delivery)
            delivery.close()


def _arrangements(folder: Path) -> Path:
    path = folder / "arrangements.toml"
    terms = 'provider_type = "hospital"\npolicy_version = 1\nin_force_from = 2020-01-01\n'
    named = (f'id = "{name.replace("prv", "arr")}"\nprovider = "{name}"\n' for name in PROVIDERS)
    path.write_text("".join(f"[[arrangement]]\n{who}{terms}" for who in named))
    return path


def test_one_death_at_each_of_six_providers_is_found_and_six_at_one_are_not(pool: Pool) -> None:
    pool.send([*pool.usual(Category.DEVICE), *pool.spread(Category.DEVICE, [PROVIDERS[0]] * 6)])
    pool.send([*pool.usual(Category.SURGERY), *pool.spread(Category.SURGERY, PROVIDERS)])
    every = sorted([RARE, *METHODS])
    eventually(lambda: [method for (method,) in pool.system.rows(RAISED, "surgery")] == every, 60)
    assert pool.system.rows(RAISED, "device") == [], "the same deaths from one provider"
    told = (
        "select contributors, events, pattern_events, stratum, look, parameters is not null, reading from protected.signals"
        " where category = 'surgery' and setting = 'operating_room' and raised"
    )
    # Raised by five of them, then told again with the sixth.
    six = {(6, 6, 46, "provider_type", look, True, READING) for look in (1, 2)}
    eventually(lambda: set(pool.system.rows(told)) == six, 60)


def test_a_severe_event_raises_an_alert_within_ten_seconds_of_its_acceptance(pool: Pool) -> None:
    for number in range(3):
        severe = event(PROVIDERS[0], f"alert-{number}", harm=Harm.SEVERE, categories=(Category.BLOOD,), event_date="2021-02-03")
        pool.send([event(PROVIDERS[1], f"mild-{number}", harm=Harm.MILD), severe])
        accepted_at = accepted(pool, severe.event_id)
        seen = time.time()
        ((loaded,),) = pool.system.await_rows(OPEN, severe.event_id)
        assert 0 <= seen - accepted_at < MOST_SECONDS
        assert 0 <= loaded - accepted_at < MOST_SECONDS
    assert not [name for name in alerts(pool) if name.startswith("mild")]


def accepted(pool: Pool, event_id: str) -> float:
    """When an event was accepted whose alert can be read now."""
    return eventually(lambda: alerts(pool).get(event_id), 60) or 0.0


def alerts(pool: Pool) -> dict[str, float]:
    """Every alert that can be read now: the event, and when the broker of the entry topic accepted it, in seconds."""
    records = read_all(pool.system.bootstrap, NAMESPACE + ALERTS_RAISED.name)
    trails = {CODEC.decode(record.value, Alert).event_id: Trail.of(record.headers) for record in records}
    return {name: trail.accepted_at / 1000 for name, trail in trails.items() if trail}


def test_withdrawn_deaths_take_every_signal_back_also_when_the_worker_was_killed_in_between(pool: Pool) -> None:
    deaths = [event(name, f"surgery-2-{place}", revision=2, action=Action.WITHDRAW) for place, name in enumerate(PROVIDERS)]
    worker = pool.system.services["worker"]
    pool.send(deaths[:2])
    worker.kill()
    pool.send(deaths[2:4])
    worker.start()
    eventually(lambda: pool.system.rows(RAISED, "surgery") == [], 60)
    for method in METHODS:
        assert (False, 0, 0) in pool.system.rows(LAST, method), method
    still_open = [f"surgery-2-{place}" for place in (4, 5)]
    every = "select event_id from protected.open_alerts where event_id like %s order by 1"
    eventually(lambda: [name for (name,) in pool.system.rows(every, "surgery-2-%")] == still_open, 30)


def test_no_signal_names_or_counts_a_provider_below_the_minimum(pool: Pool) -> None:
    for record in read_all(pool.system.bootstrap, NAMESPACE + SIGNALS_RAISED.name):
        signal = CODEC.decode(record.value, Signal)
        assert signal.contributors == signal.events == 0 or signal.contributors >= 3
        octets = (record.key or b"") + (record.value or b"")
        assert not [name for name in PROVIDERS if name.encode() in octets]


def test_nothing_of_a_signal_or_an_alert_is_in_a_less_protected_grade(pool: Pool) -> None:
    for topic in (EVENTS_ANONYMIZED, EVENTS_NONIDENTIFIED):
        records = read_all(pool.system.bootstrap, NAMESPACE + topic.name)
        assert records
        for record in records:
            octets = (record.key or b"") + (record.value or b"")
            assert not [name for name in PROVIDERS if name.encode() in octets]
            assert READING.encode() not in octets
    for table in ("published.cells", "published.releases"):
        assert pool.system.rows(f"select count(*) from {table}") == [(0,)]


def test_a_refit_is_in_force_only_after_it_was_activated_with_its_diff_seen(pool: Pool) -> None:
    system, target = pool.system, pool.system.folder / "new.json"
    pool.send([*pool.usual(Category.FALL), *pool.spread(Category.FALL, PROVIDERS)])
    eventually(lambda: len(system.rows(RAISED, "fall")) == 4, 60)
    words = ("--from", "2021-01", "--until", "2021-02", "--watch-from", "2021-01")
    done = system.run("pso", "signals", "refit", str(target), *words)
    assert done.returncode == 0, done.stderr
    digest = json.loads(done.stderr.splitlines()[-1])["parameters"]
    before = (system.folder / "parameters.json").read_bytes()
    dry = system.run("pso", "signals", "activate", str(target))
    assert dry.returncode == 3, dry.stderr
    assert "fall,death,operating_room,taken back" in dry.stdout, "it learnt from the very events"
    assert (system.folder / "parameters.json").read_bytes() == before
    assert system.run("pso", "signals", "activate", str(target), "--yes").returncode == 0
    assert (system.folder / "parameters.json").read_bytes() == target.read_bytes()
    again = system.run("pso", "signals", "activate", str(target))
    assert (again.returncode, again.stdout) == (0, "")
    assert digest in again.stderr
