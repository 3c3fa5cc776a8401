"""An accumulator's state on this worker: for each source partition the fold of a prefix of its log. No Faust table.

State is a function of the prefix, whoever owned the partition meanwhile, so it can always be caught up by reading on.
"""

import gc
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from confluent_kafka import OFFSET_INVALID, Consumer, KafkaError, KafkaException, TopicPartition

from schemas.codec import Codec, Undecodable
from schemas.connection import KafkaConnection
from schemas.records import Record
from schemas.topics import Topic
from stream_processors.runtime.clock import monotonic
from stream_processors.runtime.dead_letters import dead_letter
from stream_processors.runtime.fenced_delivery import Fenced, FencedDelivery
from stream_processors.runtime.incoming import incoming_messages
from stream_processors.runtime.messages import Incoming
from stream_processors.runtime.outlet import Outlet
from stream_processors.runtime.reader import reader
from stream_processors.runtime.step import Outcome
from stream_processors.runtime.wire import Wire
from stream_processors.shapes import Accumulator

LOG = logging.getLogger("pso.accumulator")

SLICE = 5_000
SLICE_SECONDS = 0.1  # consume() waits the whole time unless the slice is full: 1 s would cost a second per partition


@dataclass(slots=True)
class Part:
    """The state of one source partition: the fold of offsets [0, next), delivered by its own fenced producer."""

    state: Any
    delivery: FencedDelivery
    next: int = 0
    generation: int = -1


class Accumulation:
    """One accumulator with its parts. Not thread-safe: the agent calls one method at a time."""

    def __init__(self, step: Accumulator[Any], codec: Codec, wire: Wire, connection: KafkaConnection, partitions: int) -> None:
        self._step = step
        self._wire = wire
        self._connection = connection
        self._outlet = Outlet(step.writes, wire.name(step.writes), codec, partitions)
        self._parts: dict[int, Part] = {}

    @property
    def source(self) -> Topic:
        """The one topic that is folded."""
        (topic,) = self._step.reads
        return topic

    def take_over(self, mine: Iterable[int], still_ours: Callable[[], bool]) -> None:
        """Own exactly these partitions: first shut out the former owner, then ask how far it came, then fold up to there.

        Where the group moves on meanwhile nobody else is shut out: it would be the rightful owner.
        """
        owned = sorted(mine)
        self._parts = {p: part for p, part in self._parts.items() if p in owned}
        for partition in owned:
            if partition not in self._parts:
                if not still_ours():
                    return
                name = f"{self._wire.group(self._step.name)}-{partition}"
                self._parts[partition] = Part(self._step.state(), FencedDelivery(self._connection, name))
        with _no_collection():
            for partition, offset in self._committed(owned):
                if not still_ours():
                    return
                self._catch_up(partition, offset, still_ours)

    def fold(self, chunk: Sequence[Incoming], generation: int) -> Outcome:
        """Fold a chunk, deliver what it touched in one transaction. Dead letters travel in the same transaction."""
        part = self._parts.get(chunk[0].partition)
        if part is None:  # a take-over that was given up: fetched before its former owner was asked how far it came
            raise Fenced("not taken over")
        if part.generation != generation and part.next < chunk[0].offset:
            self._catch_up(chunk[0].partition, chunk[0].offset, lambda: True)
        part.generation = generation
        outcome = self._fold(part, [incoming for incoming in chunk if incoming.offset >= part.next], chunk[0].partition)
        part.next = chunk[-1].offset + 1
        part.delivery.deliver(outcome.outputs + outcome.dead)
        return outcome

    def _fold(self, part: Part, chunk: Sequence[Incoming], partition: int) -> Outcome:
        outcome = Outcome()
        records = list(self._records(chunk, outcome))
        touched = self._step.fold(part.state, records)
        if chunk:
            version = chunk[-1].offset
            outcome.outputs = [
                self._outlet.of(record, partition, trail=None)
                for record in self._step.outputs(part.state, touched, partition, version)
            ]
        return outcome

    def _records(self, chunk: Iterable[Incoming], outcome: Outcome) -> Iterable[Record]:
        for incoming in chunk:
            try:
                yield self._outlet.codec.decode(incoming.value, self.source.record)
            except Undecodable as error:
                outcome.dead.append(dead_letter(incoming, self._step.name, error.reason, error.path))
                outcome.reasons.append(error.reason)

    def _committed(self, partitions: Sequence[int]) -> list[tuple[int, int]]:
        if not partitions:
            return []
        consumer = self._consumer()
        try:
            asked = [TopicPartition(self._wire.name(self.source), partition) for partition in partitions]
            return [(tp.partition, max(tp.offset, 0)) for tp in _patiently(lambda: consumer.committed(asked, timeout=30))]
        finally:
            consumer.close()

    def _catch_up(self, partition: int, target: int, still_ours: Callable[[], bool]) -> None:
        """Fold [next, target) of the log. What compaction took away below the target is gone for good."""
        part = self._parts[partition]
        if part.next >= target:
            return
        consumer = self._consumer()
        consumer.assign([TopicPartition(self._wire.name(self.source), partition, part.next or _BEGINNING)])
        began = part.next
        try:
            while part.next < target and still_ours():
                messages, ended = _slice(consumer, target)
                records = list(self._records(incoming_messages(messages), Outcome()))
                self._step.fold(part.state, records)
                if messages:
                    part.next = messages[-1].offset() + 1
                if ended:
                    part.next = target
        finally:
            consumer.close()
        LOG.info("%s: partition %d caught up from %d to %d", self._step.name, partition, began, part.next)

    def _consumer(self) -> Consumer:
        # A message that waits in the client costs several times its bytes, and the memory stays: 29 % of all that catching
        # up took (measured). So few wait, and more are asked for at once, not after the second that is usual.
        return reader(
            self._connection,
            self._wire.group(self._step.name),
            fetch_message_max_bytes=2 << 20,
            queued_min_messages=10_000,
            fetch_queue_backoff_ms=10,
        )


@contextmanager
def _no_collection() -> Iterator[None]:
    """A state of millions that only grows holds no garbage, and looking for some took a fifth of the time (measured)."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


_BEGINNING = 0
COORDINATOR_SECONDS = 60.0


def _patiently(ask: Callable[[], list[TopicPartition]]) -> list[TopicPartition]:
    """A group's coordinator moves, or is made at its first use: then Kafka's answer is to ask again."""
    end = monotonic() + COORDINATOR_SECONDS
    while True:
        try:
            return ask()
        except KafkaException as error:
            if (not error.args[0].retriable() and error.args[0].code() not in _COORDINATOR) or monotonic() > end:
                raise
            time.sleep(0.2)


_COORDINATOR = (KafkaError.NOT_COORDINATOR, KafkaError.COORDINATOR_NOT_AVAILABLE, KafkaError.COORDINATOR_LOAD_IN_PROGRESS)
assert OFFSET_INVALID < 0  # what Kafka answers for a partition that has no committed offset


def _slice(consumer: Consumer, target: int) -> tuple[list[Any], bool]:
    """The next messages below the target, and whether there are no more."""
    found: list[Any] = []
    for message in consumer.consume(SLICE, SLICE_SECONDS):
        error = message.error()
        if error is not None:
            if error.code() != KafkaError._PARTITION_EOF:
                raise KafkaException(error)
            return found, True
        if message.offset() >= target:
            return found, True
        found.append(message)
    return found, False
