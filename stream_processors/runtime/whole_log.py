"""A topic from its beginning to its present end, for those who check: no group, no commit, nothing changed."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, TopicPartition

from schemas.connection import KafkaConnection
from stream_processors.domain.rejection import Unavailable
from stream_processors.runtime.clock import monotonic
from stream_processors.runtime.incoming import incoming_messages
from stream_processors.runtime.messages import Incoming
from stream_processors.runtime.reader import reader

PATIENCE = 30.0
"""Seconds without a record before Kafka counts as away."""


@dataclass(slots=True)
class WholeLog:
    """One topic. After the reading, `ends` has for each partition the offset behind the last record that was read."""

    kafka: KafkaConnection
    topic: str
    ends: dict[int, int] = field(default_factory=dict)

    def read(self) -> Iterator[Incoming]:
        """Every committed record. A topic that does not exist has none. Raises Unavailable."""
        # The broker answers at the end of a log after 10 ms; its default is half a second.
        consumer = reader(self.kafka, "pso-whole-log", fetch_wait_max_ms=10)
        try:
            numbers = _partitions(consumer, self.topic)
            consumer.assign([TopicPartition(self.topic, number, OFFSET_BEGINNING) for number in numbers])
            yield from self._records(consumer, len(numbers))
        finally:
            consumer.close()

    def _records(self, consumer: Consumer, partitions: int) -> Iterator[Incoming]:
        heard = monotonic()
        while len(self.ends) < partitions:
            messages = consumer.consume(5000, 0.1)
            if messages:
                heard = monotonic()
            elif monotonic() - heard > PATIENCE:
                raise Unavailable("kafka")
            # What a partition gets while the others are still read lies behind its end: the next reading has it.
            good = [m for m in messages if m.error() is None and m.partition() not in self.ends]
            yield from incoming_messages(good)
            for message in messages:
                self._note(message.error(), message.partition(), message.offset())

    def _note(self, error: KafkaError | None, partition: int | None, offset: int | None) -> None:
        if error is None:
            return
        if error.code() == KafkaError._PARTITION_EOF and partition is not None and offset is not None:
            self.ends.setdefault(partition, offset)
        elif not (error.retriable() or error.code() < 0):
            raise KafkaException(error)


def _partitions(consumer: Consumer, topic: str) -> list[int]:
    try:
        found = consumer.list_topics(topic, timeout=PATIENCE).topics[topic]
    except KafkaException:
        raise Unavailable("kafka") from None
    return [] if found.error is not None else list(found.partitions)
