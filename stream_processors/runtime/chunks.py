"""The Faust transport that hands an agent chunks of raw records of one partition instead of single messages.

Commit rule: the longest acknowledged prefix of what was delivered since the last seek. Gate: between two assignments
nothing is fetched, and what a fetch under way brings home is thrown away before the seek, never after it.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from aiokafka.structs import ConsumerRecord
from faust.serializers.schemas import Schema
from faust.transport.drivers import aiokafka as driver
from faust.types import ConsumerMessage
from mode.threads import WorkerThread
from mode.utils.futures import notify

# aiokafka keeps one request per broker in flight: a fetch that waits for data shuts out every partition that became
# fetchable meanwhile. With Faust's 1500 a busy partition beside idle ones waits for their silence.
FETCH_WAIT_MS = 200
# A seek waits for the fetch under way, so this bounds what a rebalance pays for the gate. Seconds.
POLL_SECONDS = 0.25
# How often a closed gate is looked at, in seconds.
CLOSED_PAUSE = 0.02
# Faust ends its recovery task without a word when a seek takes the whole request timeout: we raise at this share of it.
SEEK_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class ChunkLimits:
    """A chunk ends at `records` records, or before it exceeds `size` bytes of keys and values; one record always fits."""

    records: int
    size: int


@dataclass(frozen=True, slots=True)
class Chunk:
    """Consecutive raw records of one partition, as one group generation delivered them; its repr shows no record."""

    topic: str
    partition: int
    generation: int
    records: Sequence[ConsumerRecord] = field(repr=False)

    @property
    def first_offset(self) -> int:
        """Offset of the first record."""
        return int(self.records[0].offset)

    @property
    def last_offset(self) -> int:
        """Offset of the last record; the commit that covers the chunk is one higher."""
        return int(self.records[-1].offset)


def cut(records: Sequence[ConsumerRecord], limits: ChunkLimits) -> Iterator[list[ConsumerRecord]]:
    """The records in order, in pieces within the limits; a record that alone exceeds the size is a piece of its own."""
    piece: list[ConsumerRecord] = []
    size = 0
    for record in records:
        length = max(record.serialized_key_size, 0) + max(record.serialized_value_size, 0)
        if piece and (len(piece) >= limits.records or size + length > limits.size):
            yield piece
            piece, size = [], 0
        piece.append(record)
        size += length
    if piece:
        yield piece


def acknowledged_prefix(delivered: deque[int], acknowledged: set[int]) -> int | None:
    """The offset to commit, or None: one after the last chunk up to which every delivered chunk is acknowledged.

    Both collections hold the last offsets of chunks; the prefix is taken out of both.
    """
    last = None
    while delivered and delivered[0] in acknowledged:
        last = delivered.popleft()
        acknowledged.discard(last)
    return None if last is None else last + 1


class ChunkSchema(Schema):  # type: ignore[misc]  # Faust is untyped here
    """Decodes nothing, so that no decoding error can happen inside Faust, which would acknowledge the message."""

    def compile(self, app: Any, **_options: Any) -> Any:
        """The coroutine function by which Faust makes an event of a message."""

        async def undecoded(message: Any, *, propagate: bool = False) -> Any:  # noqa: ARG001 (the name is Faust's)
            return app.create_event(None, message.value, None, message)

        return undecoded


class _Thread(WorkerThread):  # type: ignore[misc]
    """A thread that cannot keep a failed process alive: mode's own threads are joined at exit."""

    def __init__(self, service: Any, **options: Any) -> None:
        super().__init__(service, **options)
        self.daemon = True

    def run(self) -> None:
        """As mode, which has told the app of an exception already and would print it a second time."""
        with suppress(Exception):
            super().run()


class _ConsumerThread(driver.AIOKafkaConsumerThread):  # type: ignore[misc]
    """Faust offers no setting for these two; both are read when the consumer starts, which is after its creation."""

    Worker = _Thread

    def on_crash(self, msg: str, *fmt: Any, **kwargs: Any) -> None:
        """Print nothing: the exception is the cause of the engine's failure."""

    def _create_worker_consumer(self, transport: Any) -> Any:
        consumer = super()._create_worker_consumer(transport)
        consumer._isolation_level = "read_committed"  # our accumulators produce in transactions; aborted ones never were
        consumer._fetch_max_wait_ms = FETCH_WAIT_MS
        return consumer


class ChunkConsumer(driver.Consumer):  # type: ignore[misc]
    """Faust's aiokafka consumer, with chunks for messages. For apps without tables: every topic is a data topic."""

    def __init__(self, *args: Any, limits: ChunkLimits, **options: Any) -> None:
        self._limits = limits
        self._delivered: defaultdict[Any, deque[int]] = defaultdict(deque)
        self._open = False
        self._sought = False
        self._fetch_returned = asyncio.Event()
        self._fetch_returned.set()
        self.epoch = 0
        super().__init__(*args, **options)

    @property
    def flowing(self) -> frozenset[tuple[str, int]]:
        """The partitions (topic, number) whose records reach the agent now; none while a rebalance is under way."""
        return frozenset((tp.topic, tp.partition) for tp in self.assignment()) if self._open else frozenset()

    # The gate. Faust resumes the partitions, then seeks, then clears every stream queue and resumes the flow. A chunk
    # delivered before the clearing is lost from its queue, and the next acknowledgement commits over it.

    def _close_gate(self) -> None:
        self._open, self._sought = False, False
        self.epoch += 1

    def stop_flow(self) -> None:
        """Faust stops the flow before a rebalance and before the end."""
        self._close_gate()
        super().stop_flow()

    def resume_flow(self) -> None:
        """Open only if a seek has succeeded since the gate was closed."""
        self._open = self._sought
        super().resume_flow()

    async def perform_seek(self) -> None:
        """Seek to the committed offsets when the fetch under way is home; TimeoutError if Kafka does not answer."""
        epoch = self.epoch
        async with asyncio.timeout(self.app.conf.broker_request_timeout * SEEK_SHARE):
            await self._fetch_returned.wait()
            await super().perform_seek()
        self._forget(list(self._delivered))
        self._sought = epoch == self.epoch

    async def seek_to_committed(self) -> Mapping[Any, int | None]:
        """As Faust, but a partition without a committed offset is rewound too: aiokafka leaves it where it stands."""
        committed: Mapping[Any, int | None] = await super().seek_to_committed()
        if untouched := [tp for tp, offset in committed.items() if not offset or offset < 0]:
            await self._thread.seek_to_beginning(*untouched)
        return committed

    async def on_partitions_revoked(self, revoked: Set[Any]) -> None:
        """Commit first: Faust forgets the acknowledgements of revoked partitions before it commits."""
        self._close_gate()
        async with self._crashing():
            while any(self._committable(tp) for tp in revoked):
                await self.commit()
            await super().on_partitions_revoked(revoked)
            self._forget(revoked)

    async def on_partitions_assigned(self, assigned: Set[Any], generation_id: int = 0) -> None:
        """Also closes the gate: a worker that owned nothing is assigned without a stop of the flow before."""
        self._close_gate()
        self._forget(list(self._delivered))
        async with self._crashing():
            await super().on_partitions_assigned(assigned, generation_id)

    @asynccontextmanager
    async def _crashing(self) -> AsyncIterator[None]:
        """Of what is raised in a rebalance aiokafka makes a line in the log, and goes on without the partitions."""
        try:
            yield
        except Exception as error:
            await self.crash(error)
            raise

    def close(self) -> None:
        """Nothing: Faust calls it at a rebalance during the stop and closes the client from the wrong event loop."""

    # Delivery.

    def _new_consumer_thread(self) -> Any:
        return _ConsumerThread(self, loop=self.loop, beacon=self.beacon)

    async def _getmany(self, active_partitions: Set[Any] | None, timeout: float) -> Mapping[Any, Any]:
        if not self._open:
            await asyncio.sleep(CLOSED_PAUSE)
            return {}
        epoch = self.epoch
        self._fetch_returned.clear()
        try:
            records: Mapping[Any, Any] = await super()._getmany(active_partitions, min(timeout, POLL_SECONDS))
        finally:
            self._fetch_returned.set()
        return records if epoch == self.epoch else {}

    async def getmany(self, timeout: float) -> AsyncIterator[tuple[Any, ConsumerMessage]]:
        """Chunks of the next fetch, the partitions taking turns."""
        records, _active = await self._wait_next_records(timeout)
        epoch = self.epoch
        for tp, piece in self._in_turns(records or {}):
            if epoch != self.epoch or self.should_stop:
                return
            yield tp, self._message(tp, piece)

    def _in_turns(self, records: Mapping[Any, Any]) -> Iterator[tuple[Any, list[ConsumerRecord]]]:
        pieces = [[(tp, piece) for piece in cut(batch, self._limits)] for tp, batch in records.items()]
        for turn in zip_longest(*pieces):
            yield from (each for each in turn if each is not None)

    def _message(self, tp: Any, piece: list[ConsumerRecord]) -> ConsumerMessage:
        last, generation = piece[-1], self.app.consumer_generation_id
        chunk = Chunk(last.topic, last.partition, generation, piece)
        self._delivered[tp].append(last.offset)
        place = (last.topic, last.partition, last.offset, last.timestamp / 1000.0, last.timestamp_type)
        return ConsumerMessage(*place, None, None, chunk, None, 0, 0, tp, generation_id=generation)

    # Acknowledgement and commit.

    def ack(self, message: Any) -> bool:
        """Note the acknowledgement; one of an older generation is forgotten, its records will be delivered again."""
        if message.generation_id == self.app.consumer_generation_id:
            return bool(super().ack(message))
        message.acked = True
        self._unacked_messages.discard(message)
        notify(self._waiting_for_ack)
        return False

    def give_up(self) -> None:
        """A stop or a rebalance under way need not wait for what is not acknowledged: it will be delivered again."""
        self._unacked_messages.clear()
        notify(self._waiting_for_ack)

    def _committable(self, tp: Any) -> bool:
        delivered = self._delivered.get(tp)
        return bool(delivered) and delivered[0] in self._acked_index.get(tp, ())  # type: ignore[index]

    def _new_offset(self, tp: Any) -> int | None:
        offset = acknowledged_prefix(self._delivered[tp], self._acked_index[tp])
        self._acked[tp] = sorted(self._acked_index[tp])
        return offset

    async def _add_gap(self, tp: Any, offset_from: int, offset_to: int) -> None:
        """Nothing: the prefix of delivered chunks knows no gaps, and Faust's book of them is wrong at its edges."""

    def _forget(self, partitions: Iterable[Any]) -> None:
        for tp in partitions:
            self._delivered.pop(tp, None)
            self._acked.pop(tp, None)
            self._acked_index.pop(tp, None)


class ChunkTransport(driver.Transport):  # type: ignore[misc]
    """The transport to set on an app (`app.transport = ChunkTransport(...)`) before it starts."""

    def __init__(self, app: Any, limits: ChunkLimits) -> None:
        super().__init__(app.conf.broker_consumer, app)
        self._limits = limits

    def create_consumer(self, callback: Any, **options: Any) -> ChunkConsumer:
        """The consumer of the app, delivering chunks within the limits."""
        return ChunkConsumer(self, callback=callback, loop=self.loop, limits=self._limits, **options)
