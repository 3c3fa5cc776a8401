"""Events as the bytes that go to Kafka, and the check that Kafka will take them."""

from collections.abc import Callable, Iterable, Iterator

import msgspec

from producers.readers.outcome import Fault, Outcome, Read, Reason
from schemas import keys
from schemas.catalogue import bundled
from schemas.codec import Codec
from schemas.records import SafetyEvent
from schemas.topics import MAX_MESSAGE_BYTES

Encode = Callable[[SafetyEvent], bytes]

ROOM_BYTES = 8_192
"""Kept free in every message: headers, the entry time, and what the PSO's steps add while it stays under one limit."""
MAX_EVENT_BYTES = MAX_MESSAGE_BYTES - ROOM_BYTES
"""Key and value together."""


def bundled_encoder() -> Encode:
    """Encodes by the schemas that ship with the package: no registry is asked."""
    return Codec(bundled()).encode


def bounded(outcomes: Iterable[Outcome], encode: Encode) -> Iterator[Outcome]:
    """The same outcomes, with a fault in place of each event that no topic would take."""
    for outcome in outcomes:
        if isinstance(outcome, Read) and _may_be_large(outcome.event) and _size(outcome.event, encode) > MAX_EVENT_BYTES:
            hint = f"the event takes more than {MAX_EVENT_BYTES} bytes: shorten or split its narratives"
            yield Fault(outcome.row, "", Reason.TOO_LARGE, hint)
        else:
            yield outcome


def _may_be_large(event: SafetyEvent) -> bool:
    """JSON is longer than Avro, which names no field, and takes a tenth of the time to write."""
    return len(msgspec.json.encode(event)) > MAX_EVENT_BYTES // 2


def _size(event: SafetyEvent, encode: Encode) -> int:
    return len(keys.of_event(event).encode()) + len(encode(event))
