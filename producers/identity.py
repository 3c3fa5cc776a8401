"""Who an event is: its digest, and its id where the source gives none."""

import hashlib
from typing import Any

import msgspec

from schemas.records import SafetyEvent

UNIDENTIFIED = "unidentified"
"""Stands for an event id until one is known."""


def digest_of(event: SafetyEvent) -> bytes:
    """SHA-256 of what the event says. Empty fields do not count: a field that a later version adds changes nothing."""
    said = _without_empty(msgspec.to_builtins(event))
    return hashlib.sha256(msgspec.json.encode(said, order="deterministic")).digest()


def identified(event: SafetyEvent) -> SafetyEvent:
    """The event under an id that the same source gives again: from its first external id, otherwise from its content."""
    if event.external_ids:
        external = event.external_ids[0]
        seed = msgspec.json.encode([external.system, external.value])
        return msgspec.structs.replace(event, event_id="ext-" + hashlib.sha256(seed).hexdigest()[:32])
    return msgspec.structs.replace(event, event_id="content-" + digest_of(event).hex()[:32])


def _without_empty(value: Any) -> Any:
    """Most values are texts or numbers: they are passed on without a call, which halves the time of a digest."""
    if isinstance(value, dict):
        return {
            name: _without_empty(inner) if isinstance(inner, _NESTED) else inner
            for name, inner in value.items()
            if inner is not None and inner != []
        }
    return [_without_empty(inner) if isinstance(inner, _NESTED) else inner for inner in value]


_NESTED = (dict, list, tuple)
