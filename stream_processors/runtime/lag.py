"""How many records wait before a consumer group, and how far it came: asked of Kafka, not of the consumer itself.

A Faust consumer can stop without a word, so its own view cannot be trusted to notice that.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec

from schemas.connection import KafkaConnection
from stream_processors.domain.rejection import Unavailable
from stream_processors.runtime.reader import reader

SECONDS = 3.0

Place = tuple[str, int]
"""Topic and partition."""


@dataclass(frozen=True, slots=True)
class Lag:
    """`waiting` records lie between the committed offsets, whose sum is `done`, and the ends of the partitions."""

    waiting: int
    done: int


class LagReader:
    """Reads the lag of groups. Keeps one idle consumer per group, which never joins it."""

    def __init__(self, connection: KafkaConnection) -> None:
        self._connection = connection
        self._admin = AdminClient(connection.for_librdkafka() | {"log_level": 0})
        self._consumers: dict[str, Consumer] = {}

    def of(self, group: str, partitions: Iterable[Place]) -> Lag:
        """The lag of a group in these partitions. Raises Unavailable when Kafka does not answer."""
        places = sorted(partitions)
        if not places:
            return Lag(0, 0)
        try:
            committed = self._committed(group, places)
            ends = self._ends(places)
        except KafkaException as error:
            raise Unavailable("kafka") from error
        done = sum(committed.values())
        return Lag(waiting=sum(max(ends[place] - committed[place], 0) for place in places), done=done)

    def holds_records(self, group: str, partitions: Iterable[Place]) -> bool:
        """Whether a record really waits: the end of a log that a transaction wrote lies behind its marker, for ever.

        Reads the first record above the committed offsets. Raises Unavailable when Kafka does not answer.
        """
        places = sorted(partitions)
        consumer = self._consumer(f"{group}-watch")
        try:
            committed = self._committed(group, places)
            consumer.assign([TopicPartition(*place, committed[place]) for place in places])
            return _first_record(consumer, set(places))
        except KafkaException as error:
            raise Unavailable("kafka") from error
        finally:
            consumer.unassign()

    def close(self) -> None:
        """Close the consumers."""
        for consumer in self._consumers.values():
            consumer.close()

    def _committed(self, group: str, places: Sequence[Place]) -> dict[Place, int]:
        # Not AdminClient.list_consumer_group_offsets: librdkafka 2.16.0 dereferences a null pointer, and the whole process
        # is gone, when the broker answers NOT_COORDINATOR, as it does while a group's coordinator moves.
        answer = self._consumer(group).committed([TopicPartition(*place) for place in places], SECONDS)
        return {(tp.topic, tp.partition): max(tp.offset, 0) for tp in answer}

    def _ends(self, places: Sequence[Place]) -> dict[Place, int]:
        asked = {TopicPartition(*place): OffsetSpec.latest() for place in places}
        answers = self._admin.list_offsets(asked, request_timeout=SECONDS)
        return {(tp.topic, tp.partition): answer.result(SECONDS).offset for tp, answer in answers.items()}

    def _consumer(self, group: str) -> Consumer:
        if group not in self._consumers:
            self._consumers[group] = reader(self._connection, group)
        return self._consumers[group]


def _first_record(consumer: Consumer, places: set[Place]) -> bool:
    """True at the first record, False when every partition ended without one."""
    left = set(places)
    while left:
        message = consumer.poll(SECONDS)
        if message is None:
            raise Unavailable("kafka")
        error = message.error()
        if error is None:
            return True
        if error.code() != KafkaError._PARTITION_EOF:
            raise KafkaException(error)
        left.discard((message.topic(), message.partition()))
    return False
