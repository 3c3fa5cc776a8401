"""Who an event is: its digest, and its id where the source gives none."""

import hashlib
from collections.abc import Callable
from functools import cache
from operator import attrgetter
from typing import Any

import msgspec

from schemas.records import SafetyEvent

UNIDENTIFIED = "unidentified"
"""Stands for an event id until one is known."""


def digest_of(event: SafetyEvent) -> bytes:
    """SHA-256 of what the event says. Absent fields do not count: one that a later version adds changes nothing."""
    return hashlib.sha256(msgspec.json.encode(_said(event), order="deterministic")).digest()


def identified(event: SafetyEvent) -> SafetyEvent:
    """The event under an id that the same source gives again: from its first external id, otherwise from its content."""
    if event.external_ids:
        external = event.external_ids[0]
        seed = msgspec.json.encode([external.system, external.value])
        return msgspec.structs.replace(event, event_id="ext-" + hashlib.sha256(seed).hexdigest()[:32])
    return msgspec.structs.replace(event, event_id="content-" + digest_of(event).hex()[:32])


def _said(record: msgspec.Struct) -> dict[str, Any]:
    """The fields that are there, in records all the way down. Empty lists are said too: digests of old outboxes have them."""
    names, values_of = _fields(type(record))
    return {
        name: _inner(value) if isinstance(value, (tuple, msgspec.Struct)) else value
        for name, value in zip(names, values_of(record), strict=True)
        if value is not None
    }


def _inner(value: tuple[Any, ...] | msgspec.Struct) -> Any:
    if isinstance(value, tuple):
        return [_inner(item) if isinstance(item, (tuple, msgspec.Struct)) else item for item in value]
    return _said(value)


@cache
def _fields(kind: type[msgspec.Struct]) -> tuple[tuple[str, ...], Callable[[msgspec.Struct], tuple[Any, ...]]]:
    """The names of a record's fields, and all their values at once: an event has forty. No record has a single one."""
    return kind.__struct_fields__, attrgetter(*kind.__struct_fields__)
