"""The engine on a real broker: nothing is missing, whoever dies; nothing is repeated, where nobody does."""

import asyncio
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from confluent_kafka import Producer
from faust.transport.drivers import aiokafka as driver

from deploy.dev.broker import Broker
from stream_processors.runtime.chunks import ChunkConsumer
from stream_processors.runtime.engine import Agent, Engine, EngineFailed
from tests.integration.copying_worker import SESSION_SECONDS, Copy, polled_producer, settings
from tests.integration.live_kafka import PATIENCE, Kafka, Reader, collecting, eventually, running


@pytest.fixture(scope="module")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kafka]:
    with Broker(tmp_path_factory.mktemp("kafka")) as broker:
        yield Kafka(broker.bootstrap)


class Workers:
    """Worker processes, ended with the test."""

    def __init__(self, kafka: Kafka, *routes: str) -> None:
        self._command = [sys.executable, "-m", "tests.integration.copying_worker", kafka.bootstrap, *routes]
        self._processes: list[subprocess.Popen[bytes]] = []

    def start(self) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(self._command, cwd=Path(__file__).parents[2])
        self._processes.append(process)
        return process

    def __enter__(self) -> "Workers":
        return self

    def __exit__(self, *_error: object) -> None:
        for process in self._processes:
            process.kill()
            process.wait()


@pytest.mark.parametrize("compression", ["none", "gzip", "snappy", "lz4", "zstd"])
def test_records_of_every_compression_come_through(kafka: Kafka, compression: str) -> None:
    topic, records = kafka.topic(), list[bytes]()
    kafka.write(topic, range(1000), **{"compression.type": compression})

    async def scenario() -> None:
        async with running(kafka, Agent(topic, (topic,), collecting(records))):
            await eventually(lambda: len(records) >= 1000)

    asyncio.run(scenario())
    assert sorted(map(int, records)) == list(range(1000))


def test_the_records_of_an_aborted_transaction_are_not_seen(kafka: Kafka) -> None:
    topic, records = kafka.topic(), list[bytes]()
    producer = Producer({"bootstrap.servers": kafka.bootstrap, "transactional.id": topic})
    producer.init_transactions(PATIENCE)
    for number, end in enumerate((producer.commit_transaction, producer.abort_transaction, producer.commit_transaction)):
        producer.begin_transaction()
        for each in range(10):
            producer.produce(topic, b"%d" % (number * 10 + each), partition=0)
        producer.flush(PATIENCE)
        end(PATIENCE)

    async def scenario() -> None:
        async with running(kafka, Agent(topic, (topic,), collecting(records))):
            await eventually(lambda: len(records) >= 20)

    asyncio.run(scenario())
    assert list(map(int, records)) == [*range(10), *range(20, 30)]


def test_two_agents_in_one_process_deliver_everything(kafka: Kafka) -> None:
    first, second, records = kafka.topic(), kafka.topic(), list[bytes]()
    kafka.write(first, range(20_000))

    async def scenario() -> None:
        with polled_producer(kafka.bootstrap) as producer:
            copy = Agent(first, (first,), Copy(producer, second))
            async with running(kafka, copy, Agent(second, (second,), collecting(records))):
                await eventually(lambda: len(records) >= 20_000)

    asyncio.run(scenario())
    assert sorted(map(int, records)) == list(range(20_000))
    assert sum(kafka.committed(first, first)) == 20_000
    assert kafka.members(first) == kafka.members(second) == 0, "a graceful end leaves the group"


@pytest.mark.parametrize("where", ["getmany", "_new_offset", "seek_to_committed", "on_partitions_assigned"])
def test_an_exception_inside_faust_ends_the_engine(kafka: Kafka, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    topic = kafka.topic()
    kafka.write(topic, range(100))

    def broken(*_arguments: object, **_options: object) -> None:
        raise LookupError(where)

    monkeypatch.setattr(driver.Consumer if where == "on_partitions_assigned" else ChunkConsumer, where, broken)

    async def scenario() -> None:
        engine = Engine([Agent(topic, (topic,), collecting([]))], settings(kafka.bootstrap))
        with pytest.raises(EngineFailed):
            async with asyncio.timeout(PATIENCE / 4):
                await engine.run(asyncio.Event())

    asyncio.run(scenario())


def test_nothing_is_missing_after_three_kills_of_two_workers(kafka: Kafka) -> None:
    source, middle, target, total = kafka.topic(), kafka.topic(), kafka.topic(), 100_000
    reader = Reader(kafka, target)
    with Workers(kafka, f"{source}:{middle}", f"{middle}:{target}") as workers:
        pair = [workers.start(), workers.start()]
        for kill in range(3):
            kafka.write(source, range(kill * 30_000, (kill + 1) * 30_000))
            reader.read_more(5000)
            pair[kill % 2].send_signal(signal.SIGKILL)
            pair[kill % 2].wait()
            pair[kill % 2] = workers.start()
        kafka.write(source, range(90_000, total))
        reader.read_until(total)
    assert len(reader.seen) == total


def test_graceful_restarts_under_load_lose_and_repeat_nothing(kafka: Kafka) -> None:
    source, target, total = kafka.topic(), kafka.topic(), 40_000
    reader = Reader(kafka, target)
    with Workers(kafka, f"{source}:{target}") as workers:
        pair = [workers.start(), workers.start()]
        for restart in range(2):
            kafka.write(source, range(restart * 20_000, (restart + 1) * 20_000))
            reader.read_more(1)
            pair[restart].send_signal(signal.SIGTERM)
            assert pair[restart].wait(PATIENCE) == 0
            pair[restart] = workers.start()
        reader.read_until(total)
    assert (len(reader.seen), reader.repeated) == (total, 0)


def test_an_idle_worker_that_ends_gracefully_leaves_at_once_and_its_successor_repeats_nothing(kafka: Kafka) -> None:
    source, target = kafka.topic(), kafka.topic()
    reader = Reader(kafka, target)
    with Workers(kafka, f"{source}:{target}") as workers:
        for life in range(2):
            worker = workers.start()
            kafka.write(source, range(life * 1000, (life + 1) * 1000))
            reader.read_until((life + 1) * 1000)
            begun = time.monotonic()
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(PATIENCE) == 0
            assert time.monotonic() - begun < SESSION_SECONDS
            assert kafka.members(source) == 0
    assert (len(reader.seen), reader.repeated) == (2000, 0)
