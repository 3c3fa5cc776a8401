"""aiokafka's and confluent-kafka's messages as the runtime's own."""

from collections.abc import Iterable, Sequence
from typing import Any

from stream_processors.runtime.messages import Incoming


def incoming_records(records: Sequence[Any]) -> list[Incoming]:
    """Records of aiokafka, as the chunk transport delivers them."""
    return [
        Incoming(r.topic, r.partition, r.offset, r.timestamp, r.key, r.value, [(k, v) for k, v in r.headers]) for r in records
    ]


def incoming_messages(messages: Iterable[Any]) -> list[Incoming]:
    """Messages of confluent-kafka."""
    return [
        Incoming(m.topic(), m.partition(), m.offset(), m.timestamp()[1], m.key(), m.value(), list(m.headers() or ()))
        for m in messages
    ]
