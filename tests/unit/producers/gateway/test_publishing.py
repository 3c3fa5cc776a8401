"""The publisher beside the gateway: what fails for one arrangement is told once and stops no other."""

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

from prometheus_client import CollectorRegistry

from producers.encoding import bundled_encoder
from producers.gateway.ledger import outbox_path
from producers.gateway.publishing import Publishing
from producers.metrics import Metrics
from producers.outbox import Outbox
from producers.settings import Destination
from schemas.connection import KafkaConnection
from schemas.topics import submitted
from tests.support.builders import safety_event
from tests.support.deadline import eventually

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def nowhere(arrangement: str) -> Destination:
    """A broker that does not answer."""
    topic = submitted(arrangement)
    return Destination(topic, topic.name, KafkaConnection("127.0.0.1:1"))


def fill(folder: Path, arrangement: str) -> None:
    with Outbox(outbox_path(folder, arrangement), lambda: NOON) as outbox:
        outbox.capture([safety_event()], bundled_encoder())


def test_a_broker_that_is_away_is_told_once_and_what_waits_is_shown(tmp_path: Path) -> None:
    registry, said = CollectorRegistry(), list[str]()
    publishing = Publishing(tmp_path, nowhere, Metrics(registry), said.append, lambda: NOON + timedelta(seconds=60))
    for arrangement in ("arr-7k2q", "arr-m9d0"):
        fill(tmp_path, arrangement)
    for _ in range(2):
        publishing.once(1.0)
    assert len(said) == 1
    assert said[0].startswith("no answer from 127.0.0.1:1")
    assert registry.get_sample_value("pso_outbox_events", {"state": "captured"}) == 2
    assert registry.get_sample_value("pso_outbox_oldest_seconds") == 60


def test_a_mistake_of_ours_is_told_without_its_words_and_the_next_pass_comes(tmp_path: Path) -> None:
    asked, passes, said = threading.Event(), list[str](), list[str]()

    def broken(arrangement: str) -> Destination:
        passes.append(arrangement)
        raise KeyError("Quartermain")

    fill(tmp_path, "arr-7k2q")
    publishing = Publishing(tmp_path, broken, Metrics(CollectorRegistry()), said.append, lambda: NOON)
    going_on = threading.Thread(target=publishing.go_on, args=(asked, 0.01, 1.0))
    going_on.start()
    eventually(lambda: len(passes) > 2)
    asked.set()
    going_on.join()
    assert said == ["a mistake in the program, please report it: KeyError while sending"]


def test_an_outbox_that_is_none_stops_no_other(tmp_path: Path) -> None:
    registry, said = CollectorRegistry(), list[str]()
    outbox_path(tmp_path, "arr-0").write_bytes(b"no outbox at all" * 100)
    fill(tmp_path, "arr-7k2q")
    tried = list[str]()

    def destination_of(arrangement: str) -> Destination:
        tried.append(arrangement)
        return nowhere(arrangement)

    publishing = Publishing(tmp_path, destination_of, Metrics(registry), said.append, lambda: NOON)
    publishing.once(1.0)
    assert tried == ["arr-7k2q"]
    assert sum("it is no outbox" in line for line in said) == 1
