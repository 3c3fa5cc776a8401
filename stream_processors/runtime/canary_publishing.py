"""Canaries onto the entry topic as a provider's client puts them, and where each came to lie."""

from collections.abc import Sequence
from functools import partial

from confluent_kafka import KafkaError, KafkaException, Message, Producer

from schemas import headers
from schemas.codec import Codec
from schemas.connection import KafkaConnection
from schemas.records import SafetyEvent
from schemas.topics import Topic
from stream_processors.domain.rejection import Unavailable
from stream_processors.runtime.clock import monotonic
from stream_processors.runtime.delivery import PRODUCER, Undelivered

PATIENCE = 30.0
"""Seconds for Kafka to take the whole batch."""

Place = tuple[int, int]
"""Partition and offset."""


def publish(connection: KafkaConnection, topic: Topic, name: str, codec: Codec, events: Sequence[SafetyEvent]) -> list[Place]:
    """Send the events to `topic`, `name` on the wire; their places in the same order. Raises Unavailable and Undelivered."""
    places: dict[int, Place] = {}
    refused: list[str] = []

    def reported(number: int, error: KafkaError | None, message: Message) -> None:
        partition, offset = message.partition(), message.offset()
        if error is not None or partition is None or offset is None:
            refused.append(error.name() if error else "no offset")
        else:
            places[number] = (partition, offset)

    settings = {**PRODUCER, "client.id": "pso-canaries", "message.timeout.ms": int(PATIENCE * 1000), "log_level": 0}
    producer = Producer(connection.for_librdkafka() | settings)
    pairs = [(headers.RECORD, headers.label(topic.record)), (headers.GRADE, topic.grade.encode())]
    end = monotonic() + PATIENCE
    try:
        for number, event in enumerate(events):
            producer.produce(name, codec.encode(event), topic.key(event), headers=pairs, on_delivery=partial(reported, number))
        while len(producer) and not refused and monotonic() < end:
            producer.poll(0.1)
    except KafkaException as error:
        raise Undelivered(error.args[0].name()) from None
    if refused and not refused[0].startswith("_"):
        raise Undelivered(refused[0])
    if refused or len(places) < len(events):  # a name of the client's own: no broker answered in time
        raise Unavailable("kafka")
    return [places[number] for number in range(len(events))]
