"""How many records wait before a consumer group, and how far it came: asked of Kafka, not of the consumer itself.

A Faust consumer can stop without a word, so its own view cannot be trusted to notice that.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from confluent_kafka import ConsumerGroupTopicPartitions, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec

from schemas.connection import KafkaConnection
from stream_processors.domain.rejection import Unavailable

SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Lag:
    """`waiting` records lie between the committed offsets, whose sum is `done`, and the ends of the partitions."""

    waiting: int
    done: int


class LagReader:
    """Reads the lag of groups."""

    def __init__(self, connection: KafkaConnection) -> None:
        self._admin = AdminClient(connection.for_librdkafka() | {"log_level": 0})

    def of(self, group: str, partitions: Iterable[tuple[str, int]]) -> Lag:
        """The lag of a group in these partitions. Raises Unavailable when Kafka does not answer."""
        places = sorted(partitions)
        if not places:
            return Lag(0, 0)
        try:
            committed = self._committed(group, places)
            ends = self._ends(places)
        except KafkaException as error:
            raise Unavailable("kafka") from error
        done = sum(max(committed.get(place, 0), 0) for place in places)
        waiting = sum(max(ends[place] - max(committed.get(place, 0), 0), 0) for place in places)
        return Lag(waiting, done)

    def _committed(self, group: str, places: list[tuple[str, int]]) -> dict[tuple[str, int], int]:
        asked = ConsumerGroupTopicPartitions(group, [TopicPartition(topic, number) for topic, number in places])
        answer = self._admin.list_consumer_group_offsets([asked], request_timeout=SECONDS)[group].result(SECONDS)
        return {(tp.topic, tp.partition): tp.offset for tp in answer.topic_partitions}

    def _ends(self, places: list[tuple[str, int]]) -> dict[tuple[str, int], int]:
        asked = {TopicPartition(topic, number): OffsetSpec.latest() for topic, number in places}
        answers = self._admin.list_offsets(asked, request_timeout=SECONDS)
        return {(tp.topic, tp.partition): answer.result(SECONDS).offset for tp, answer in answers.items()}
