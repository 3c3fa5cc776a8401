"""The consumer of a sink on a real broker: what a rebalance takes and gives back flows again."""

from collections.abc import Collection

from deploy.dev.stack import Stack
from schemas.connection import KafkaConnection
from stream_processors.runtime.delivery import Delivery
from stream_processors.runtime.messages import Outgoing
from stream_processors.runtime.sink_consumer import BatchLimits, SinkConsumer
from stream_processors.warehouse.positions import Place
from tests.support.deadline import eventually
from tests.support.kafka import create_plain_topic


def from_the_beginning(places: Collection[Place]) -> dict[Place, int]:
    return dict.fromkeys(places, 0)


def never() -> bool:
    return False


def test_a_partition_that_was_paused_when_it_was_lost_flows_when_it_comes_back(stack: Stack, namespace: str) -> None:
    """librdkafka keeps the pause of a partition across assignments: found by chaos, where a sink stood still for good."""
    topic, connection = namespace + "t", KafkaConnection(stack.bootstrap)
    create_plain_topic(stack.bootstrap, topic, 2)
    delivery = Delivery(connection, "test")
    delivery.deliver([Outgoing(topic, partition, b"k", b"v", []) for partition in (0, 1)])
    limits = BatchLimits(session_timeout=6.0)
    first = SinkConsumer(connection, namespace + "g", from_the_beginning, limits)
    first.subscribe([topic])
    eventually(lambda: first.read() is not None and len(first.flowing) == 2, 30)
    second = SinkConsumer(connection, namespace + "g", from_the_beginning, limits)
    second.subscribe([topic])

    def shared() -> bool:
        first.idle(0.2, never)  # PostgreSQL is away: everything is paused, and yet the group goes on
        second.read()
        return len(first.flowing) == len(second.flowing) == 1

    eventually(shared, 30)
    first.resume()
    lost = next(iter(second.flowing))
    second.close()
    eventually(lambda: any((r.topic, r.partition) == lost for r in first.read()), 30)
    first.close()
    delivery.close()
