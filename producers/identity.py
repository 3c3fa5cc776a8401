"""Who an event is: its digest, and its id where the source gives none."""

import hashlib
from collections.abc import Callable
from functools import cache
from operator import attrgetter
from typing import Any

import msgspec
from msgspec import inspect

from producers.fields import bare, fields_of, item_of, may_be_absent
from schemas.records import SafetyEvent

UNIDENTIFIED = "unidentified"
"""Stands for an event id until one is known."""

_SORTED = msgspec.json.Encoder(order="sorted")


def digest_of(event: SafetyEvent) -> bytes:
    """SHA-256 of what the event says. Absent fields do not count: one that a later version adds changes nothing."""
    return hashlib.sha256(_SORTED.encode(_said(event))).digest()


def identified(event: SafetyEvent) -> SafetyEvent:
    """The event under an id that the same source gives again: from its first external id, otherwise from its content."""
    if event.external_ids:
        external = event.external_ids[0]
        seed = msgspec.json.encode([external.system, external.value])
        return msgspec.structs.replace(event, event_id="ext-" + hashlib.sha256(seed).hexdigest()[:32])
    return msgspec.structs.replace(event, event_id="content-" + digest_of(event).hex()[:32])


def _said(record: msgspec.Struct) -> dict[str, Any]:
    """The fields that are there, in records all the way down. Empty lists are said too: digests of old outboxes have them."""
    names, values_of, inside = _fields(type(record))
    said = {name: value for name, value in zip(names, values_of(record), strict=True) if value is not None}
    for name in inside:
        if value := said.get(name):
            said[name] = [_said(item) for item in value] if isinstance(value, tuple) else _said(value)
    return said


@cache
def _fields(kind: type[msgspec.Struct]) -> tuple[tuple[str, ...], Callable[[msgspec.Struct], tuple[Any, ...]], tuple[str, ...]]:
    """The names of a record's fields, all their values at once, and which fields hold records that can leave something out.

    An event has forty fields, and most of its records are values as written, which leave nothing out: they are said as they
    are. No record has a single field.
    """
    inside = tuple(field.name for field in fields_of(inspect.type_info(kind)).values() if _may_omit(item_of(bare(field.type))))
    return kind.__struct_fields__, attrgetter(*kind.__struct_fields__), inside


def _may_omit(found: inspect.Type) -> bool:
    """Whether a field of the record, or of one inside it, can be absent. False of what is no record."""
    fields = fields_of(found).values()
    return any(may_be_absent(field.type) or _may_omit(item_of(bare(field.type))) for field in fields)
