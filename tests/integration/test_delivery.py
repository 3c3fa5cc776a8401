"""Outputs are acknowledged by a real broker before the input is, or not at all."""

from deploy.dev.stack import Stack
from schemas.connection import KafkaConnection
from stream_processors.runtime.delivery import Delivery
from stream_processors.runtime.messages import Outgoing
from tests.support.deadline import eventually
from tests.support.kafka import create_plain_topic, read_all


def records(topic: str, count: int, partition: int = 1) -> list[Outgoing]:
    return [Outgoing(topic, partition, b"k", str(n).encode(), [("h", b"v")], 1_700_000_000_000 + n) for n in range(count)]


def test_every_record_arrives_once_in_order_with_its_headers_and_time(stack: Stack, namespace: str) -> None:
    topic = namespace + "out"
    create_plain_topic(stack.bootstrap, topic)
    delivery = Delivery(KafkaConnection(stack.bootstrap), "test")
    delivery.deliver(records(topic, 5_000))
    delivery.close()
    found = read_all(stack.bootstrap, topic)
    assert [m.value for m in found] == [str(n).encode() for n in range(5_000)]
    assert {m.partition for m in found} == {1}
    assert (found[7].headers, found[7].timestamp) == ([("h", b"v")], 1_700_000_000_007)


def test_no_records_are_delivered_at_once(stack: Stack) -> None:
    delivery = Delivery(KafkaConnection(stack.bootstrap), "test")
    delivery.deliver([])
    delivery.close()


def test_a_broker_that_is_killed_and_comes_back_loses_and_doubles_nothing(own_stack: Stack) -> None:
    create_plain_topic(own_stack.bootstrap, "out")
    delivery = Delivery(KafkaConnection(own_stack.bootstrap), "test")
    delivery.deliver(records("out", 1_000))
    own_stack.brokers[0].kill()
    waiting = delivery.send(records("out", 1_000))
    assert not waiting.done()
    own_stack.brokers[0].start()
    eventually(waiting.done, 60)
    waiting.result()
    delivery.close()
    assert len(read_all(own_stack.bootstrap, "out")) == 2_000
