"""Events as the bytes that go to Kafka, and the check that Kafka will take them."""

from collections.abc import Callable, Iterable, Iterator

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
_ALL_ELSE_BYTES = 65_536
"""More than everything in an event takes that is no entry of a list and no text of a narrative."""
_ENTRY_BYTES = 8_192
"""More than an entry of a list takes: nine texts of 200 characters."""


def bundled_encoder() -> Encode:
    """Encodes by the schemas that ship with the package: no registry is asked."""
    return Codec(bundled()).encode


def bounded(outcomes: Iterable[Outcome], encode: Encode) -> Iterator[Outcome]:
    """The same outcomes, with a fault in place of each event that no topic would take."""
    for outcome in outcomes:
        if isinstance(outcome, Read) and most_bytes(outcome.event) > MAX_EVENT_BYTES < _size(outcome.event, encode):
            hint = f"the event takes more than {MAX_EVENT_BYTES} bytes: shorten or split its narratives"
            yield Fault(outcome.row, "", Reason.TOO_LARGE, hint)
        else:
            yield outcome


def most_bytes(event: SafetyEvent) -> int:
    """A size that the event does not exceed, told without writing it: every text but a narrative's is bounded by its record.

    A character takes four bytes at most.
    """
    lists = (event.providers, event.devices, event.medications, event.contributing_factors, event.external_ids)
    entries = sum(map(len, lists)) + (len(event.source.original) if event.source else 0)
    actions = sum([len(medication.incorrect_actions) for medication in event.medications])
    words = sum([len(narrative.text) for narrative in event.narratives])
    return _ALL_ELSE_BYTES + (entries + actions) * _ENTRY_BYTES + words * 4


def _size(event: SafetyEvent, encode: Encode) -> int:
    return len(keys.of_event(event).encode()) + len(encode(event))
