"""A real broker as the engine's tests use it: fresh topics, records in, records out, and engines beside them."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import count

from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

from stream_processors.runtime.engine import Agent, Chunk, Engine
from tests.integration.copying_worker import settings

PARTITIONS = 4
PATIENCE = 60.0


class Kafka:
    """A broker with the few things these tests ask of it; every topic is fresh."""

    def __init__(self, bootstrap: str) -> None:
        self.bootstrap = bootstrap
        self.admin = AdminClient({"bootstrap.servers": bootstrap, "log_level": 0})
        self._numbers = count(1)

    def topic(self) -> str:
        name = f"records-{next(self._numbers)}"
        for created in self.admin.create_topics([NewTopic(name, PARTITIONS, 1)]).values():
            created.result(30)
        return name

    def write(self, topic: str, numbers: range, **options: str) -> None:
        producer = Producer({"bootstrap.servers": self.bootstrap, "linger.ms": 20, **options})
        for number in numbers:
            while True:
                try:
                    producer.produce(topic, b"%d" % number, partition=number % PARTITIONS)
                    break
                except BufferError:
                    producer.poll(0.1)
        assert producer.flush(PATIENCE) == 0

    def committed(self, group: str, topic: str) -> list[int]:
        consumer = Consumer({"bootstrap.servers": self.bootstrap, "group.id": group})
        try:
            places = [TopicPartition(topic, partition) for partition in range(PARTITIONS)]
            return [place.offset for place in consumer.committed(places, timeout=PATIENCE)]
        finally:
            consumer.close()

    def members(self, group: str) -> int:
        return len(self.admin.describe_consumer_groups([group])[group].result(30).members)


class Reader:
    """Counts the records of a topic from its beginning."""

    def __init__(self, kafka: Kafka, topic: str) -> None:
        self.seen: Counter[bytes] = Counter()
        self._consumer = Consumer({"bootstrap.servers": kafka.bootstrap, "group.id": "reader", "enable.auto.commit": False})
        self._consumer.assign([TopicPartition(topic, partition, 0) for partition in range(PARTITIONS)])

    def read(self) -> int:
        """Read what is there; the number of different records so far."""
        for message in self._consumer.consume(5000, 0.1):
            assert message.error() is None
            self.seen[message.value() or b""] += 1
        return len(self.seen)

    def read_more(self, number: int) -> None:
        """Until so many further different records have come."""
        enough = len(self.seen) + number
        wait_until(lambda: self.read() >= enough)

    def read_until(self, number: int) -> None:
        """Until so many different records are there, and no more come for a second."""
        wait_until(lambda: self.read() >= number)
        quiet = time.monotonic() + 1.0
        while time.monotonic() < quiet:
            before = self.seen.total()
            self.read()
            quiet = quiet if before == self.seen.total() else time.monotonic() + 1.0

    @property
    def repeated(self) -> int:
        return self.seen.total() - len(self.seen)


def wait_until(question: Callable[[], object], patience: float = PATIENCE) -> None:
    deadline = time.monotonic() + patience
    while not question():
        assert time.monotonic() < deadline, "not in time"


async def eventually(question: Callable[[], object], patience: float = PATIENCE) -> None:
    async with asyncio.timeout(patience):
        while not question():
            await asyncio.sleep(0.01)


@asynccontextmanager
async def running(kafka: Kafka, *agents: Agent) -> AsyncIterator[Engine]:
    engine, stop = Engine(agents, settings(kafka.bootstrap)), asyncio.Event()
    run = asyncio.ensure_future(engine.run(stop))
    try:
        yield engine
    finally:
        stop.set()
        await run


def collecting(records: list[bytes]) -> Callable[[Chunk], Awaitable[None]]:
    async def handle(chunk: Chunk) -> None:
        records.extend(bytes(record.value) for record in chunk.records)

    return handle
