"""The engine's promises to agents: what is awaited when, what ends the process, what a watchdog can see."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace

import pytest

from deploy.dev.broker import Broker
from stream_processors.runtime.engine import LEAVE_SECONDS, Agent, Chunk, Engine, EngineFailed, Partitions, StillCurrent
from tests.integration.copying_worker import settings
from tests.integration.live_kafka import PARTITIONS, Kafka, collecting, eventually, running

SOON = 10.0
"""Seconds that a failure may take on a busy machine."""
NOTHING = -1001
"""What librdkafka says where no offset is committed."""


@pytest.fixture(scope="module")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kafka]:
    with Broker(tmp_path_factory.mktemp("kafka")) as broker:
        yield Kafka(broker.bootstrap)


class Broken(Exception):
    """What a failing agent raises in these tests."""


def raises(_chunk: Chunk) -> Awaitable[None]:
    raise Broken


async def delivery_raises(_chunk: Chunk) -> None:
    raise Broken


def delivery_is_cancelled(_chunk: Chunk) -> Awaitable[None]:
    delivery: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    delivery.cancel()
    return delivery


class FailingLater:
    """Takes the first chunk; every later one fails in the given way."""

    def __init__(self, way: Callable[[Chunk], Awaitable[None]]) -> None:
        self._way = way
        self.first: Chunk | None = None
        self.failed_at = 0.0

    def __call__(self, chunk: Chunk) -> Awaitable[None]:
        if self.first is None:
            self.first = chunk
            return asyncio.sleep(0)
        self.failed_at = self.failed_at or time.monotonic()
        return self._way(chunk)

    def committed(self) -> list[int]:
        """What its group may have committed, per partition."""
        assert self.first is not None
        done = [NOTHING] * PARTITIONS
        done[self.first.partition] = self.first.last_offset + 1
        return done


@pytest.mark.parametrize("way", [raises, delivery_raises, delivery_is_cancelled])
def test_a_failing_agent_ends_the_engine_at_once_and_nothing_after_it_is_committed(
    kafka: Kafka, way: Callable[[Chunk], Awaitable[None]]
) -> None:
    bad, good, failing = kafka.topic(), kafka.topic(), FailingLater(way)
    kafka.write(bad, range(8000))
    agents = (Agent(good, (good,), collecting([])), Agent(bad, (bad,), failing))

    async def scenario() -> None:
        with pytest.raises(EngineFailed) as failed:
            await Engine(agents, settings(kafka.bootstrap)).run(asyncio.Event())
        assert time.monotonic() - failing.failed_at < LEAVE_SECONDS, "the stop was waiting for acknowledgements"
        assert failed.value.group == bad

    asyncio.run(scenario())
    assert kafka.committed(bad, bad) == failing.committed()
    assert kafka.members(bad) == kafka.members(good) == 0, "the successors need not wait for a session to expire"


def test_what_an_agent_raises_does_not_reach_the_log(kafka: Kafka, caplog: pytest.LogCaptureFixture) -> None:
    topic = kafka.topic()
    kafka.write(topic, range(2000))

    async def canary(_chunk: Chunk) -> None:
        raise ValueError("canary-value")

    async def scenario() -> None:
        with pytest.raises(EngineFailed):
            await Engine([Agent(topic, (topic,), canary)], settings(kafka.bootstrap)).run(asyncio.Event())

    with caplog.at_level("DEBUG"):
        asyncio.run(scenario())
    assert "canary" not in caplog.text


def test_an_agent_that_fails_when_it_is_assigned_ends_the_engine_before_it_gets_data(kafka: Kafka) -> None:
    topic, records = kafka.topic(), list[bytes]()
    kafka.write(topic, range(100))

    async def assigned(_partitions: Partitions, _still_current: StillCurrent) -> None:
        raise Broken

    async def scenario() -> None:
        engine = Engine([Agent(topic, (topic,), collecting(records), assigned)], settings(kafka.bootstrap))
        with pytest.raises(EngineFailed) as failed:
            async with asyncio.timeout(SOON):
                await engine.run(asyncio.Event())
        assert isinstance(failed.value.__cause__, Broken)

    asyncio.run(scenario())
    assert records == []


def test_data_waits_until_an_agent_has_dealt_with_its_assignment(kafka: Kafka) -> None:
    topic, records = kafka.topic(), list[bytes]()
    kafka.write(topic, range(100))

    async def scenario() -> None:
        begun, ready = asyncio.Event(), asyncio.Event()

        async def assigned(partitions: Partitions, still_current: StillCurrent) -> None:
            assert partitions == {topic: frozenset(range(PARTITIONS))}
            assert still_current()
            begun.set()
            await ready.wait()
            assert records == []

        async with running(kafka, Agent(topic, (topic,), collecting(records), assigned)) as engine:
            await begun.wait()
            assert engine.progress[topic].flowing == frozenset()
            ready.set()
            await eventually(lambda: len(records) == 100)
            assert engine.progress[topic].flowing == {(topic, partition) for partition in range(PARTITIONS)}

    asyncio.run(scenario())


def test_an_assignment_is_no_longer_current_once_another_worker_joins(kafka: Kafka) -> None:
    topic, seen = kafka.topic(), list[tuple[Partitions, StillCurrent]]()

    async def assigned(partitions: Partitions, still_current: StillCurrent) -> None:
        seen.append((partitions, still_current))

    async def scenario() -> None:
        async with running(kafka, Agent(topic, (topic,), collecting([]), assigned)) as one:
            await eventually(lambda: one.progress[topic].flowing)
            async with running(kafka, Agent(topic, (topic,), collecting([]))) as two:
                await eventually(lambda: len(one.progress[topic].flowing) == len(two.progress[topic].flowing) == 2)
                assert not seen[0][1]()
                assert seen[-1][1]()
                assert len(seen[-1][0][topic]) == 2

    asyncio.run(scenario())


def test_an_agent_of_several_topics_gets_the_records_of_all(kafka: Kafka) -> None:
    topics, records = (kafka.topic(), kafka.topic()), list[bytes]()
    kafka.write(topics[0], range(1000))
    kafka.write(topics[1], range(1000, 2000))

    async def scenario() -> None:
        async with running(kafka, Agent(topics[0], topics, collecting(records))):
            await eventually(lambda: len(records) == 2000)

    asyncio.run(scenario())
    assert sorted(map(int, records)) == list(range(2000))


class Held:
    """An agent whose chunks are done when the test says so."""

    def __init__(self) -> None:
        self.handled: list[Chunk] = []
        self.open: list[asyncio.Future[None]] = []

    def __call__(self, chunk: Chunk) -> Awaitable[None]:
        self.handled.append(chunk)
        self.open.append(asyncio.get_running_loop().create_future())
        return self.open[-1]

    @property
    def records(self) -> int:
        return sum(len(chunk.records) for chunk in self.handled)

    def offsets(self, partition: int) -> list[int]:
        return [record.offset for chunk in self.handled for record in chunk.records if chunk.partition == partition]


def test_a_rebalance_commits_what_is_acknowledged_before_the_partitions_move(kafka: Kafka) -> None:
    topic, total, first, second = kafka.topic(), 400, list[bytes](), list[bytes]()
    kafka.write(topic, range(total))
    seldom = replace(settings(kafka.bootstrap), commit_interval=600.0)

    async def scenario() -> None:
        stop = asyncio.Event()
        agents = [Agent(topic, (topic,), collecting(records)) for records in (first, second)]
        one, two = (Engine([agent], seldom) for agent in agents)
        runs = [asyncio.ensure_future(one.run(stop))]
        await eventually(lambda: len(first) == total and one.progress[topic].outstanding == 0)
        runs.append(asyncio.ensure_future(two.run(stop)))
        await eventually(lambda: len(one.progress[topic].flowing) == len(two.progress[topic].flowing) == 2)
        assert kafka.committed(topic, topic) == [total // PARTITIONS] * PARTITIONS
        stop.set()
        await asyncio.gather(*runs)

    asyncio.run(scenario())
    assert (len(first), len(second)) == (total, 0)


@pytest.mark.parametrize("in_flight", [1, 2, 3])
def test_chunks_come_in_order_and_no_more_than_allowed_are_in_flight(kafka: Kafka, in_flight: int) -> None:
    topic, total = kafka.topic(), 12_000
    kafka.write(topic, range(total))

    async def scenario() -> None:
        held = Held()
        async with running(kafka, Agent(topic, (topic,), held, in_flight=in_flight)) as engine:
            while held.records < total or held.open:
                await eventually(lambda: len(held.open) == in_flight or held.records == total)
                before = engine.progress[topic]
                assert before.outstanding == len(held.open) <= in_flight
                held.open.pop(0).set_result(None)
                await eventually(lambda before=before: engine.progress[topic].last > before.last)  # type: ignore[misc]
            assert engine.progress[topic].outstanding == 0
        for partition in range(PARTITIONS):
            assert held.offsets(partition) == list(range(total // PARTITIONS))

    asyncio.run(scenario())
    assert kafka.committed(topic, topic) == [total // PARTITIONS] * PARTITIONS


def test_a_drain_waits_for_what_is_in_flight_and_commits_it(kafka: Kafka) -> None:
    topic = kafka.topic()
    kafka.write(topic, range(400))

    async def scenario() -> int:
        stop, release, taken = asyncio.Event(), asyncio.Event(), list[Chunk]()

        async def handle(chunk: Chunk) -> None:
            taken.append(chunk)
            await release.wait()

        run = asyncio.ensure_future(Engine([Agent(topic, (topic,), handle)], settings(kafka.bootstrap)).run(stop))
        await eventually(lambda: len(taken) == 2)
        stop.set()
        done, _ = await asyncio.wait([run], timeout=1.5)
        assert not done
        release.set()
        await run
        return sum(len(chunk.records) for chunk in taken)

    taken = asyncio.run(scenario())
    assert sum(max(offset, 0) for offset in kafka.committed(topic, topic)) == taken == 200


def test_a_drain_that_takes_too_long_is_a_failure(kafka: Kafka) -> None:
    topic, taken = kafka.topic(), list[Chunk]()
    kafka.write(topic, range(400))

    async def never(chunk: Chunk) -> None:
        taken.append(chunk)
        await asyncio.get_running_loop().create_future()

    async def scenario() -> None:
        stop = asyncio.Event()
        run = Engine([Agent(topic, (topic,), never)], replace(settings(kafka.bootstrap), drain_timeout=1.0)).run(stop)
        running = asyncio.ensure_future(run)
        await eventually(lambda: taken)
        stop.set()
        begun = time.monotonic()
        with pytest.raises(EngineFailed):
            await running
        assert time.monotonic() - begun < SOON

    asyncio.run(scenario())
    assert kafka.committed(topic, topic) == [NOTHING] * PARTITIONS


def test_an_engine_without_a_broker_fails_rather_than_waits() -> None:
    async def scenario() -> None:
        with pytest.raises(EngineFailed):
            async with asyncio.timeout(SOON):
                await Engine([Agent("group", ("topic",), raises)], settings("127.0.0.1:9")).run(asyncio.Event())

    asyncio.run(scenario())
