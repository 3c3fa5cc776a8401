"""Sinks on the test broker: their topics, records for them, and loops that run beside the test."""

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry

from schemas.catalogue import bundled
from schemas.codec import Codec
from schemas.connection import KafkaConnection
from schemas.headers import Pairs, Position, Trail
from schemas.records import Record
from schemas.topics import Topic
from stream_processors.metrics import Metrics
from stream_processors.runtime.delivery import Delivery
from stream_processors.runtime.limits import UnexpectedLimit
from stream_processors.runtime.messages import Outgoing
from stream_processors.runtime.sink_consumer import BatchLimits
from stream_processors.runtime.sink_loop import SinkLoop, SinkWorld
from stream_processors.runtime.sink_observer import SinkObserver
from stream_processors.runtime.wire import Wire
from stream_processors.shapes import Sink
from tests.support.kafka import create_topics

PARTITIONS = 4
CODEC = Codec(bundled())


@dataclass
class Running:
    """A loop in its thread; `error` is what it ended with."""

    loop: SinkLoop
    stop: threading.Event = field(default_factory=threading.Event)
    error: BaseException | None = None

    def start(self) -> "Running":
        self.thread = threading.Thread(target=self._run)
        self.thread.start()
        return self

    def end(self) -> None:
        self.stop.set()
        self.thread.join(30)
        assert not self.thread.is_alive()

    def _run(self) -> None:
        try:
            self.loop.run(self.stop)
        except BaseException as error:
            self.error = error


class SinkBench:
    """One namespace on one broker and one warehouse."""

    def __init__(self, bootstrap: str, namespace: str, topics: Iterable[Topic], database_url: str) -> None:
        declared = tuple(topics)
        self.wire = Wire(namespace, declared)
        self.connection = KafkaConnection(bootstrap)
        create_topics(bootstrap, self.wire, declared, PARTITIONS)
        self.delivery = Delivery(self.connection, "sink-tests")
        self.world = SinkWorld(self.connection, self.wire, CODEC, self.delivery, database_url)
        self.metrics = Metrics(CollectorRegistry(), "tests")

    def loop(self, sink: Sink, **limits: float) -> SinkLoop:
        batch = BatchLimits(session_timeout=6.0, **limits)  # type: ignore[arg-type]
        return SinkLoop(sink, self.world, SinkObserver(self.metrics, sink.name), UnexpectedLimit(20, 0.1), batch)

    @contextmanager
    def running(self, sink: Sink, **limits: float) -> Iterator[Running]:
        run = Running(self.loop(sink, **limits)).start()
        try:
            yield run
        finally:
            run.end()

    def write(self, topic: Topic, records: Sequence[Record | bytes], first: int = 0) -> None:
        """Records spread over the partitions, each with the trail of an entry record at the same place."""
        self.delivery.deliver([self._outgoing(topic, record, first + n) for n, record in enumerate(records)])

    def _outgoing(self, topic: Topic, record: Record | bytes, number: int) -> Outgoing:
        partition = number % PARTITIONS
        trail: Pairs = Trail(Position("entry", partition, number // PARTITIONS), 1_767_600_000_000).pairs()
        value = record if isinstance(record, bytes) else CODEC.encode(record)
        return Outgoing(self.wire.name(topic), partition, b"key", value, trail)

    def value(self, name: str, **labels: str) -> float:
        return self.metrics.registry.get_sample_value(name, labels) or 0.0


@contextmanager
def sink_bench(bootstrap: str, namespace: str, topics: Iterable[Topic], database_url: str) -> Iterator[SinkBench]:
    bench = SinkBench(bootstrap, namespace, topics, database_url)
    try:
        yield bench
    finally:
        bench.delivery.close()
