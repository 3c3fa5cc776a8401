"""What the state of `aggregate` costs: memory of a million contributions, and the time in which it is back from the log."""

import gc
import os
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from confluent_kafka import Consumer, TopicPartition

from schemas import topics
from schemas.connection import KafkaConnection
from stream_processors.processors.aggregate import AGGREGATE
from stream_processors.runtime.accumulation import Accumulation
from stream_processors.runtime.delivery import Delivery
from stream_processors.runtime.messages import Outgoing
from stream_processors.runtime.wire import Wire
from tests.benchmarks.counting import CODEC, contributions
from tests.support.kafka import create_topics

CONTRIBUTIONS = 1_000_000
TOPICS = [topics.CONTRIBUTIONS, topics.COUNTS_CHANGED]
SLICE = 20_000


def folded_state(bootstrap: str) -> dict[str, Any]:
    """Seconds and megabytes (1e6 bytes) of a new worker that takes over a partition with a million contributions."""
    wire, connection = Wire("bench-state-", TOPICS), KafkaConnection(bootstrap)
    create_topics(bootstrap, wire, TOPICS, 1)
    _fill(connection, wire)
    worker = Accumulation(AGGREGATE, CODEC, wire, connection, 1)
    gc.collect()
    before, began, cpu = _resident(), time.perf_counter(), time.process_time()
    worker.take_over([0], lambda: True)
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    gc.collect()
    megabytes = (_resident() - before) / 1e6
    return {
        "contributions": CONTRIBUTIONS,
        "seconds": round(seconds, 1),
        "cpu_seconds": round(cpu, 1),
        "megabytes": round(megabytes),
        "megabytes_per_million_events": round(megabytes * 1e6 / len(worker._parts[0].state)),
    }


def _fill(connection: KafkaConnection, wire: Wire) -> None:
    """The log, and the offset up to which an owner before had come."""
    name, delivery, records = wire.name(topics.CONTRIBUTIONS), Delivery(connection, "bench"), _encoded(wire)
    while chunk := list(islice(records, SLICE)):
        delivery.deliver(chunk)
    delivery.close()
    consumer = Consumer({**connection.for_librdkafka(), "group.id": wire.group(AGGREGATE.name)})
    consumer.commit(offsets=[TopicPartition(name, 0, CONTRIBUTIONS)], asynchronous=False)
    consumer.close()


def _encoded(wire: Wire) -> Iterator[Outgoing]:
    name = wire.name(topics.CONTRIBUTIONS)
    for record in contributions(CONTRIBUTIONS):
        yield Outgoing(name, 0, topics.CONTRIBUTIONS.key(record).encode(), CODEC.encode(record), [])


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
