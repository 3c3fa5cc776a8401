"""What waits before a group, on a real broker: also behind the marker of a transaction, where nothing does."""

from confluent_kafka import Consumer, KafkaException, TopicPartition

from deploy.dev.stack import Stack
from schemas.connection import KafkaConnection
from stream_processors.domain.rejection import Unavailable
from stream_processors.runtime.delivery import Delivery
from stream_processors.runtime.fenced_delivery import FencedDelivery
from stream_processors.runtime.lag import Lag, LagReader
from stream_processors.runtime.messages import Outgoing
from tests.support.deadline import eventually
from tests.support.kafka import create_plain_topic


def committed(consumer: Consumer, topic: str, offset: int) -> bool:
    try:
        consumer.commit(offsets=[TopicPartition(topic, 0, offset)], asynchronous=False)
    except KafkaException:
        return False
    return True


def commit(bootstrap: str, group: str, topic: str, offset: int) -> None:
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": group, "enable.auto.commit": False})
    eventually(lambda: committed(consumer, topic, offset))
    consumer.close()


def lag(reader: LagReader, group: str, places: list[tuple[str, int]]) -> Lag:
    """A fresh broker answers NOT_COORDINATOR until it has made its topic of offsets: that is Unavailable, never the end."""

    def ask() -> Lag | None:
        try:
            return reader.of(group, places)
        except Unavailable:
            return None

    return eventually(ask) or Lag(0, 0)


def records(topic: str, count: int) -> list[Outgoing]:
    return [Outgoing(topic, 0, b"k", b"v", []) for _ in range(count)]


def test_lag_is_what_lies_between_the_committed_offset_and_the_end(stack: Stack, namespace: str) -> None:
    topic, group = namespace + "t", namespace + "g"
    create_plain_topic(stack.bootstrap, topic, 2)
    delivery = Delivery(KafkaConnection(stack.bootstrap), "test")
    delivery.deliver(records(topic, 10))
    delivery.close()
    reader = LagReader(KafkaConnection(stack.bootstrap))
    assert lag(reader, group, [(topic, 0), (topic, 1)]) == Lag(waiting=10, done=0)
    commit(stack.bootstrap, group, topic, 4)
    assert lag(reader, group, [(topic, 0), (topic, 1)]) == Lag(waiting=6, done=4)
    assert reader.holds_records(group, [(topic, 0), (topic, 1)])


def test_behind_the_marker_of_a_transaction_nothing_waits(stack: Stack, namespace: str) -> None:
    topic, group = namespace + "t", namespace + "g"
    create_plain_topic(stack.bootstrap, topic, 1)
    FencedDelivery(KafkaConnection(stack.bootstrap), namespace + "id").deliver(records(topic, 3))
    commit(stack.bootstrap, group, topic, 3)
    reader = LagReader(KafkaConnection(stack.bootstrap))
    assert lag(reader, group, [(topic, 0)]).waiting == 1
    assert not reader.holds_records(group, [(topic, 0)])
