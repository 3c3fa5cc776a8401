"""Is there anything left to read, for the steps and for the sink of contributions?"""

from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import Self

import psycopg
from confluent_kafka import Consumer, KafkaException, TopicPartition

from deploy.dev.stack import Stack
from schemas import topics

SECONDS = 10.0
_POSITIONS = "select topic, partition, next_offset from operations.sink_positions where sink = 'contributions'"


class Lag:
    """Asks Kafka what the groups of the steps and of `aggregate` have committed, and PostgreSQL where the sink stands."""

    def __init__(self, stack: Stack, namespace: str, steps: Sequence[str]) -> None:
        self._stack = stack
        self._namespace = namespace
        read = (topics.submitted("").name, topics.EVENTS_ACCEPTED.name, topics.EVENTS_CLASSIFIED.name)
        self._reads = {**dict(zip(steps, read, strict=True)), "aggregate": topics.CONTRIBUTIONS.name}
        self._consumers = {step: self._consumer(f"{namespace}pso-{step}") for step in self._reads}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for consumer in self._consumers.values():
            consumer.close()

    def left(self) -> int:
        """How many offsets nobody has read yet. Counts what cannot be answered now as unread."""
        try:
            return sum(self._of_step(step, prefix) for step, prefix in self._reads.items()) + self._of_sink()
        except (KafkaException, psycopg.OperationalError):
            return 1

    def _of_step(self, step: str, prefix: str) -> int:
        consumer = self._consumers[step]
        committed = consumer.committed(list(self._partitions(consumer, prefix)), timeout=SECONDS)
        return sum(self._end(consumer, place) - max(place.offset, 0) for place in committed)

    def _of_sink(self) -> int:
        consumer = self._consumers["aggregate"]
        with psycopg.connect(self._stack.database_url) as database:
            stands = {(topic, part): offset for topic, part, offset in database.execute(_POSITIONS).fetchall()}
        places = self._partitions(consumer, topics.CONTRIBUTIONS.name)
        return sum(self._end(consumer, place) - stands.get((place.topic, place.partition), 0) for place in places)

    def _partitions(self, consumer: Consumer, prefix: str) -> Iterable[TopicPartition]:
        found = consumer.list_topics(timeout=SECONDS).topics
        for name, topic in found.items():
            if name.startswith(self._namespace + prefix) and not name.endswith(topics.DEAD):
                yield from (TopicPartition(name, number) for number in topic.partitions)

    def _end(self, consumer: Consumer, place: TopicPartition) -> int:
        return int(consumer.get_watermark_offsets(place, timeout=SECONDS)[1])

    def _consumer(self, group: str) -> Consumer:
        settings = {"bootstrap.servers": self._stack.bootstrap, "group.id": group, "enable.auto.commit": False, "log_level": 0}
        return Consumer(settings)
