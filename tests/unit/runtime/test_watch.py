"""The watch over a worker: what makes it unready, what ends it, and what does not."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import pytest
from prometheus_client import CollectorRegistry

from stream_processors.domain.rejection import Unavailable
from stream_processors.metrics import Metrics
from stream_processors.runtime import watch as watching
from stream_processors.runtime.lag import Lag, Place
from stream_processors.runtime.waiting import Waiting
from stream_processors.runtime.watch import Watch


@dataclass
class Flowing:
    """A group that reads two partitions."""

    flowing: frozenset[Place] = frozenset({("t", 0), ("t", 1)})


@dataclass
class Kafka:
    """What Kafka would say about every group; `asked` counts how often it was asked."""

    lag: Lag = field(default_factory=lambda: Lag(0, 0))
    holds: bool = True
    away: bool = False
    asked: int = 0

    def of(self, _group: str, _partitions: Iterable[Place]) -> Lag:
        self.asked += 1
        if self.away:
            raise Unavailable("kafka")
        return self.lag

    def holds_records(self, _group: str, _partitions: Iterable[Place]) -> bool:
        return self.holds

    def close(self) -> None:
        """Nothing to close."""


@dataclass
class Clock:
    """Time that the test moves."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    moved = Clock()
    monkeypatch.setattr(watching, "monotonic", moved)
    return moved


def watch_over(kafka: Kafka, ended: list[str], waiting: Waiting | None = None) -> Watch:
    steps = ("validate", "classify")
    return Watch(
        groups={step: f"pso-{step}" for step in steps},
        flows=lambda: {f"pso-{step}": Flowing() for step in steps},
        lag=kafka,  # type: ignore[arg-type]
        waiting={"validate": waiting} if waiting else {},
        metrics=Metrics(CollectorRegistry(), "test"),
        stall_seconds=30,
        give_up=lambda: ended.append("ended"),
        turned=0.0,
    )


def test_a_worker_is_unready_until_the_first_look_and_ready_when_nothing_waits(clock: Clock) -> None:
    watch = watch_over(Kafka(), [])
    assert set(watch.ready().values()) == {"starting"}
    watch.look()
    assert watch.ready() == {}


def test_work_that_waits_while_nothing_moves_makes_it_unready_and_then_ends_it(clock: Clock) -> None:
    ended: list[str] = []
    watch = watch_over(Kafka(Lag(waiting=5, done=10)), ended)
    for clock.now in (0.0, 20.0):
        watch.look()
        assert watch.ready() == {}
    clock.now = 40.0
    watch.look()
    assert watch.ready()["validate"].startswith("stalled")
    assert ended == []
    clock.now = 70.0
    watch.look()
    assert ended


def test_a_lag_that_is_only_the_marker_of_a_transaction_is_no_stall(clock: Clock) -> None:
    ended: list[str] = []
    watch = watch_over(Kafka(Lag(waiting=1, done=10), holds=False), ended)
    for clock.now in (0.0, 40.0, 80.0, 200.0):
        watch.look()
    assert (dict(watch.ready()), ended) == ({}, [])


def test_a_step_that_waits_for_the_vault_says_so_and_is_never_ended(clock: Clock) -> None:
    ended: list[str] = []
    waiting = Waiting("validate", reason="postgresql")
    watch = watch_over(Kafka(Lag(waiting=5, done=10)), ended, waiting)
    for clock.now in (0.0, 100.0):
        watch.look()
    assert watch.ready()["validate"] == "waits for postgresql"


def test_a_kafka_that_is_away_is_asked_once_a_look_and_excuses_every_step(clock: Clock) -> None:
    ended: list[str] = []
    kafka = Kafka(away=True)
    watch = watch_over(kafka, ended)
    for clock.now in (0.0, 100.0):
        watch.look()
    assert set(watch.ready().values()) == {"waits for kafka"}
    assert (kafka.asked, ended) == (2, [])


def test_an_event_loop_that_does_not_turn_is_not_alive(clock: Clock) -> None:
    watch = watch_over(Kafka(), [])
    watch.loop_turned()
    assert watch.live() == {}
    clock.now = 31.0
    assert watch.live() == {"event_loop": "does not turn"}
