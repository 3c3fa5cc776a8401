"""A consumer whose positions are PostgreSQL's: Kafka shares out the partitions, and no more."""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from confluent_kafka import OFFSET_INVALID, Consumer, KafkaError, KafkaException, TopicPartition

from schemas.connection import KafkaConnection
from stream_processors.runtime.clock import monotonic
from stream_processors.runtime.incoming import incoming_messages
from stream_processors.runtime.messages import Incoming
from stream_processors.warehouse.positions import Advance, Place

LOG = logging.getLogger("pso.sink")

Positions = Callable[[Collection[Place]], Mapping[Place, int]]

CONSUMER: Mapping[str, Any] = {
    "enable.auto.commit": False,
    "auto.offset.reset": "error",  # a position that is not in the log is a loss: never go on from somewhere else
    "isolation.level": "read_committed",
    "partition.assignment.strategy": "cooperative-sticky",
    "allow.auto.create.topics": False,
    "topic.metadata.refresh.interval.ms": 10_000,
    "queued.max.messages.kbytes": 65_536,
    "fetch.message.max.bytes": 4 << 20,
    "reconnect.backoff.max.ms": 500,
    "log_level": 3,
}
SLICE = 500
"""Records taken from the client at once; between slices the bytes are counted."""

_NOT_YET = (KafkaError.UNKNOWN_TOPIC_OR_PART, KafkaError._UNKNOWN_TOPIC, KafkaError._UNKNOWN_PARTITION)


class SinkFailed(Exception):
    """A sink cannot go on; the message holds coordinates and Kafka's error name."""


@dataclass(frozen=True, slots=True)
class BatchLimits:
    """How much a sink writes in one transaction, how long it waits for it (seconds), and when a silent one is replaced."""

    records: int = 2000
    bytes: int = 16 << 20
    timeout: float = 0.1
    session_timeout: float = 10.0


class SinkConsumer:
    """One membership of a sink's group. Everything runs in the thread that calls `read`."""

    def __init__(self, connection: KafkaConnection, group: str, positions: Positions, limits: BatchLimits) -> None:
        self._positions = positions
        self._limits = limits
        self._most = min(SLICE, limits.records)
        self._held: dict[Place, int] = {}
        self._trouble: BaseException | None = None
        settings = {
            **CONSUMER,
            "group.id": group,
            "session.timeout.ms": int(limits.session_timeout * 1000),
            "heartbeat.interval.ms": int(limits.session_timeout * 300),
            "error_cb": _log_error,
        }
        self._consumer = Consumer(connection.for_librdkafka() | settings)

    def subscribe(self, topics: Collection[str]) -> None:
        """Join the group."""
        self._consumer.subscribe(list(topics), on_assign=self._on_assign, on_revoke=self._on_revoke, on_lost=self._on_revoke)

    @property
    def flowing(self) -> frozenset[Place]:
        """The partitions of this member."""
        return frozenset(self._held)

    def read(self) -> list[Incoming]:
        """The next batch. Raises Unavailable when partitions were assigned and their positions cannot be read."""
        batch = self._slice(self._limits.timeout)
        size, full = _size(batch), len(batch) >= self._most
        while full and len(batch) < self._limits.records and size < self._limits.bytes:
            more = self._slice(0)
            batch += more
            size, full = size + _size(more), len(more) >= self._most
        return batch

    def idle(self, seconds: float, stopped: Callable[[], bool]) -> list[Incoming]:
        """Let nothing more flow, and yet stay in the group; what a rebalance let through all the same."""
        strays: list[Incoming] = []
        until = monotonic() + seconds
        while not stopped() and (left := until - monotonic()) > 0:
            self._consumer.pause([TopicPartition(*place) for place in self._held])
            strays += self._slice(min(left, self._limits.timeout))
        return strays

    def resume(self) -> None:
        """Let records flow again."""
        self._consumer.resume([TopicPartition(*place) for place in self._held])

    def ours(self, batch: Sequence[Incoming]) -> list[Incoming]:
        """Without what was read before a rebalance took its partition away, and without what is written already."""
        return [r for r in batch if r.offset >= self._held.get((r.topic, r.partition), r.offset + 1)]

    def moves(self, batch: Sequence[Incoming]) -> list[Advance]:
        """What writing this batch does to the positions."""
        last: dict[Place, int] = {}
        for record in batch:
            place = (record.topic, record.partition)
            last[place] = max(record.offset, last.get(place, -1))
        return [Advance(*place, self._held[place], offset + 1) for place, offset in last.items()]

    def moved(self, moves: Sequence[Advance]) -> None:
        """The positions are written. Kafka is told too, for the tools that show lag; nothing depends on it."""
        for move in moves:
            self._held[move.topic, move.partition] = move.following
        offsets = [TopicPartition(move.topic, move.partition, move.following) for move in moves]
        try:
            self._consumer.commit(offsets=offsets, asynchronous=True)
        except KafkaException as error:
            LOG.info("positions were not told to Kafka: %s", error.args[0].name())

    def close(self) -> None:
        """Leave the group; what was written is already in PostgreSQL."""
        self._held.clear()
        self._consumer.close()

    def _slice(self, timeout: float) -> list[Incoming]:
        messages = self._consumer.consume(self._most, timeout)
        if self._trouble is not None:
            trouble, self._trouble = self._trouble, None
            raise trouble
        good = []
        for message in messages:
            error = message.error()
            if error is None:
                good.append(message)
            else:
                _check(error, message.topic(), message.partition())
        return self.ours(incoming_messages(good))

    def _on_assign(self, _consumer: object, assigned: list[Any]) -> None:
        try:
            self._held |= self._positions([(place.topic, place.partition) for place in assigned])
        except BaseException as error:  # raised by `_slice`: an exception here would be lost inside the client
            self._trouble = error
        for place in assigned:
            place.offset = self._held.get((place.topic, place.partition), OFFSET_INVALID)
        self._consumer.incremental_assign(assigned)
        # librdkafka keeps a pause across assignments: what was paused when it was lost would stand still for good.
        self._consumer.resume(assigned)

    def _on_revoke(self, _consumer: object, revoked: list[Any]) -> None:
        for place in revoked:
            self._held.pop((place.topic, place.partition), None)
        self._consumer.incremental_unassign(revoked)


def _size(batch: Sequence[Incoming]) -> int:
    return sum(len(record.value or b"") for record in batch)


def _log_error(error: KafkaError) -> None:
    LOG.warning("kafka: %s", error.name())


def _check(error: KafkaError, topic: str | None, partition: int | None) -> None:
    if error.code() in _NOT_YET:
        LOG.warning("%s is not there yet", topic)
        return
    lost = error.code() in (KafkaError._AUTO_OFFSET_RESET, KafkaError.OFFSET_OUT_OF_RANGE)
    if lost or error.fatal() or not (error.retriable() or error.code() < 0):
        raise SinkFailed(f"{topic}:{partition}: {error.name()}")
