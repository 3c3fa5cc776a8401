"""A worker process whose agents copy records: python -m tests.integration.copying_worker BOOTSTRAP SOURCE:TARGET ...

The consumer group of an agent is named after its source. Ends with 0 after SIGTERM, with 3 when an agent failed.
"""

import asyncio
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from confluent_kafka import KafkaError, Message, Producer

from stream_processors.runtime.engine import Agent, Chunk, Engine, EngineFailed, EngineSettings

SESSION_SECONDS = 6.0


def settings(bootstrap: str) -> EngineSettings:
    return EngineSettings(bootstrap, session_timeout=SESSION_SECONDS, heartbeat_interval=1.0, rebalance_timeout=10.0)


@contextmanager
def polled_producer(bootstrap: str) -> Iterator[Producer]:
    """An idempotent producer whose delivery reports are called back from a thread of its own."""
    producer = Producer(
        {
            "bootstrap.servers": bootstrap,
            "enable.idempotence": True,
            "partitioner": "murmur2_random",
            "linger.ms": 5,
            "log_level": 0,
        }
    )
    closed = threading.Event()
    thread = threading.Thread(target=lambda: [producer.poll(0.02) for _ in iter(closed.is_set, True)], daemon=True)
    thread.start()
    try:
        yield producer
    finally:
        closed.set()
        thread.join()
        producer.flush(10)


class Copy:
    """Delivers the records of a chunk, unchanged, to the same partition of another topic."""

    def __init__(self, producer: Producer, target: str) -> None:
        self._producer = producer
        self._target = target

    def __call__(self, chunk: Chunk) -> asyncio.Future[None]:
        delivery = _Delivery(len(chunk.records))
        for record in chunk.records:
            self._producer.produce(
                self._target, record.value, record.key, partition=record.partition, on_delivery=delivery.report
            )
        return delivery.done


class _Delivery:
    def __init__(self, count: int) -> None:
        self._loop = asyncio.get_running_loop()
        self.done: asyncio.Future[None] = self._loop.create_future()
        self._left = count

    def report(self, error: KafkaError | None, _message: Message) -> None:
        self._left -= 1
        if error is not None:
            self._loop.call_soon_threadsafe(self._end, RuntimeError(error.name()))
        elif self._left == 0:
            self._loop.call_soon_threadsafe(self._end, None)

    def _end(self, error: Exception | None) -> None:
        if self.done.done():
            return
        if error is None:
            self.done.set_result(None)
        else:
            self.done.set_exception(error)


async def run(bootstrap: str, routes: list[tuple[str, str]]) -> int:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    with polled_producer(bootstrap) as producer:
        agents = [Agent(source, (source,), Copy(producer, target)) for source, target in routes]
        try:
            await Engine(agents, settings(bootstrap)).run(stop)
        except EngineFailed:
            return 3
    return 0


def main(arguments: list[str]) -> int:
    routes = [(source, target) for source, _, target in (each.partition(":") for each in arguments[1:])]
    return asyncio.run(run(arguments[0], routes))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
