"""Topics and records on the test broker."""

from collections.abc import Iterable

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

from schemas.connection import KafkaConnection
from schemas.topics import Topic
from stream_processors.runtime.incoming import incoming_messages
from stream_processors.runtime.messages import Incoming
from stream_processors.runtime.topic_admin import TopicAdmin
from stream_processors.runtime.wire import Wire


def create_topics(bootstrap: str, wire: Wire, topics: Iterable[Topic], partitions: int = 4) -> None:
    """Create declared topics as the product does."""
    TopicAdmin(KafkaConnection(bootstrap), wire, partitions, 1).create(topics)


def create_plain_topic(bootstrap: str, name: str, partitions: int = 4, **config: str) -> None:
    """Create a topic that no table declares."""
    admin = AdminClient({"bootstrap.servers": bootstrap, "log_level": 0})
    settings = {key.replace("_", "."): value for key, value in config.items()}
    admin.create_topics([NewTopic(name, partitions, 1, config=settings)])[name].result(20)


def read_all(bootstrap: str, topic: str, isolation: str = "read_committed") -> list[Incoming]:
    """Every record of a topic, partition by partition."""
    consumer = Consumer(
        {"bootstrap.servers": bootstrap, "group.id": "tests-read-all", "enable.auto.commit": False}
        | {"auto.offset.reset": "earliest", "enable.partition.eof": True, "isolation.level": isolation}
    )
    try:
        numbers = list(consumer.list_topics(topic, timeout=10).topics[topic].partitions)
        consumer.assign([TopicPartition(topic, number, 0) for number in numbers])
        left, found = set(numbers), []
        while left:
            for message in consumer.consume(5_000, 0.1):
                if message.error() is None:
                    found.append(message)
                elif message.error().code() == KafkaError._PARTITION_EOF:
                    left.discard(message.partition())
                else:
                    raise KafkaException(message.error())
        return sorted(incoming_messages(found), key=lambda m: (m.partition, m.offset))
    finally:
        consumer.close()
