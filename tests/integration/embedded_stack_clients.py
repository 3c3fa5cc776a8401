"""What the tests of the development servers do with them: write, and read everything back."""

from collections.abc import Sequence
from uuid import uuid4

import psycopg
from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

from deploy.dev.processes import wait_until


def new_topic(bootstrap: str, replicas: int = 1) -> str:
    name = f"test-{uuid4().hex}"
    admin = AdminClient({"bootstrap.servers": bootstrap, "log_level": 0})  # named: its futures die with it
    admin.create_topics([NewTopic(name, 1, replicas)])[name].result(20)
    return name


def acknowledged(bootstrap: str, topic: str, values: Sequence[bytes]) -> list[bytes]:
    """The values Kafka confirmed with acks=all, in the order of their confirmation."""
    done: list[bytes] = []
    producer = Producer(
        {
            "bootstrap.servers": bootstrap,
            "enable.idempotence": True,
            "message.max.bytes": 2_000_000,
            "message.timeout.ms": 40_000,
            "reconnect.backoff.max.ms": 500,
            "topic.metadata.refresh.fast.interval.ms": 100,
            "log_level": 0,
        }
    )

    def confirm(error: object, message: object) -> None:
        if error is None:
            done.append(message.value())  # type: ignore[attr-defined]

    for value in values:
        producer.produce(topic, value, on_delivery=confirm)
    producer.flush(45)
    return done


def stored(bootstrap: str, topic: str) -> list[bytes]:
    """Everything the topic's one partition holds."""
    reader = {"bootstrap.servers": bootstrap, "group.id": uuid4().hex, "enable.auto.commit": False, "log_level": 0}
    consumer, partition = Consumer(reader), TopicPartition(topic, 0, 0)
    found: list[bytes] = []

    def complete() -> bool:
        found.extend(message.value() for message in consumer.consume(1000, 0.2) if message.error() is None)
        try:
            return bool(len(found) >= consumer.get_watermark_offsets(partition, timeout=5)[1])
        except KafkaException:  # a cluster that has just started may not know yet how far its records are safe
            return False

    consumer.assign([partition])
    wait_until(complete, 20)
    consumer.close()
    return found


def rows(url: str) -> list[int]:
    with psycopg.connect(url) as connection:
        return [row[0] for row in connection.execute("select number from kept order by number")]


def numbers(start: int, end: int) -> list[bytes]:
    return [str(number).encode() for number in range(start, end)]
