"""Consume, and write rows and offsets in one PostgreSQL transaction: exactly once, whatever is killed in between.

Killed before the commit: nothing happened, the batch is read again. Killed after it: PostgreSQL's offsets say so. A second
owner of a partition finds the offset moved, and begins anew. Dead letters are acknowledged by Kafka before the commit.
"""

import logging
import threading
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import TimeoutError as StillUnderWay
from dataclasses import dataclass

from schemas.codec import Codec
from schemas.connection import KafkaConnection
from stream_processors.domain.rejection import Reason, Unavailable
from stream_processors.runtime.clock import monotonic
from stream_processors.runtime.dead_letters import dead_letter
from stream_processors.runtime.delivery import Delivery
from stream_processors.runtime.limits import UnexpectedLimit
from stream_processors.runtime.messages import Incoming
from stream_processors.runtime.sink_consumer import BatchLimits, SinkConsumer, SinkFailed
from stream_processors.runtime.sink_observer import SinkObserver
from stream_processors.runtime.sink_rows import Burial, SinkRows, rows_of
from stream_processors.runtime.waiting import Waiting
from stream_processors.runtime.wire import Wire
from stream_processors.shapes import Sink
from stream_processors.warehouse.connections import Fenced
from stream_processors.warehouse.loader import Loader
from stream_processors.warehouse.positions import Place

LOG = logging.getLogger("pso.sink")

DELIVERY_SECONDS = 10.0
"""How long a transaction stays open for dead letters that Kafka does not acknowledge."""

FENCED_PAUSE = 1.0
"""Seconds before a fenced sink comes back: whoever has the partition should be noticed by the group first."""


@dataclass(frozen=True, slots=True)
class SinkWorld:
    """What sinks share: where Kafka and PostgreSQL are, and how records look there."""

    kafka: KafkaConnection
    wire: Wire
    codec: Codec
    delivery: Delivery
    database_url: str
    database_password: str | None = None


class SinkLoop:
    """One sink in one thread."""

    def __init__(
        self, sink: Sink, world: SinkWorld, observer: SinkObserver, limit: UnexpectedLimit, batch: BatchLimits
    ) -> None:
        self.name = f"sink-{sink.name}"
        self.group = world.wire.group(self.name)
        self.waiting = Waiting(self.name)
        self._sink = sink
        self._world = world
        self._observer = observer
        self._limit = limit
        self._batch = batch
        self._loader = Loader(sink, world.database_url, world.database_password)
        self._consumer: SinkConsumer | None = None

    @property
    def flowing(self) -> frozenset[Place]:
        """The partitions (topic on the wire, number) of this sink; empty before it has joined its group."""
        consumer = self._consumer
        return consumer.flowing if consumer is not None else frozenset()

    def run(self, stop: threading.Event) -> None:
        """Until `stop` is set; the batch in hand is finished. Raises SinkFailed, WarehouseFailed, TooManyUnexpected."""
        try:
            while not stop.is_set():
                self._membership(stop)
        finally:
            self._loader.close()

    def _membership(self, stop: threading.Event) -> None:
        """From joining the group to leaving it. Being fenced ends it, and a database that cannot say where to read."""
        self._consumer = SinkConsumer(self._world.kafka, self.group, self._positions, self._batch)
        try:
            self._consumer.subscribe([self._world.wire.name(topic) for topic in self._sink.reads])
            while not stop.is_set():
                self._settle(self._consumer, self._consumer.read(), stop.is_set)
        except Fenced:
            LOG.warning("%s was fenced: another process has its partitions", self.name)
            stop.wait(FENCED_PAUSE)
        except Unavailable as error:
            stop.wait(self._away(error))
        finally:
            self._consumer.close()

    def _positions(self, places: Collection[Place]) -> dict[Place, int]:
        found = dict(self._loader.positions(places))
        self._back()
        return found

    def _settle(self, consumer: SinkConsumer, batch: list[Incoming], stopped: Callable[[], bool]) -> None:
        """Write a batch, however long PostgreSQL is away; meanwhile the sink stays in its group."""
        paused = False
        while batch := consumer.ours(batch):
            try:
                self._write(consumer, batch)
            except Unavailable as error:
                paused = True
                batch += consumer.idle(self._away(error), stopped)
                if stopped():
                    return
            else:
                break
        if paused:
            self._back()
            consumer.resume()

    def _write(self, consumer: SinkConsumer, batch: list[Incoming]) -> None:
        started = monotonic()
        made = rows_of(self._sink, batch, self._world.codec, self._world.wire, self._limit)
        moves = consumer.moves(batch)
        loaded = self._loader.load(made.rows, moves, lambda refused: self._bury(made, refused))
        consumer.moved(moves)
        self._observer.committed(batch, made, loaded, monotonic() - started)

    def _bury(self, made: SinkRows, refused: Sequence[int]) -> None:
        """Dead letters are acknowledged before the offsets commit: killed in between, they are written again."""
        made.burials += [Burial(made.sources[index], Reason.REFUSED_BY_WAREHOUSE) for index in refused]
        if not made.burials:
            return
        if any(self._world.wire.topic(burial.incoming.topic).dead for burial in made.burials):
            raise SinkFailed(f"{self.name}: a dead letter cannot die again")
        letters = [dead_letter(b.incoming, self.name, b.reason, b.path) for b in made.burials]
        try:
            self._world.delivery.send(letters).result(DELIVERY_SECONDS)
        except StillUnderWay:
            raise Unavailable("kafka") from None

    def _away(self, error: Unavailable) -> float:
        pause = self.waiting.away(error)
        self._observer.paused(True)
        return pause

    def _back(self) -> None:
        self.waiting.back()
        self._observer.paused(False)


def run_all(loops: Sequence[SinkLoop], stop: threading.Event) -> None:
    """Every sink in a thread of its own, until `stop` is set or one fails: then all stop, and its error is raised."""
    failures: list[BaseException] = []

    def guarded(loop: SinkLoop) -> None:
        try:
            loop.run(stop)
        except BaseException as error:
            failures.append(error)
            LOG.error("%s ended: %s", loop.name, error)
            stop.set()

    threads = [threading.Thread(target=guarded, args=(loop,), name=loop.name) for loop in loops]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
