"""The fields of an event that a contract can leave out, and those among them by which somebody is named."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from schemas.avsc import avro_schema
from schemas.protection import Protection
from schemas.records import SafetyEvent

_NAMES = frozenset({Protection.PROVIDER, Protection.PATIENT, Protection.REPORTER})


class _Field(NamedTuple):
    path: str
    may_go: bool
    """It has a default, so the record stands without it."""
    protection: str
    """Empty for a field that holds records."""


def _fields(schema: dict[str, Any], path: str = "") -> Iterator[_Field]:
    for field in schema["fields"]:
        here = f"{path}{field['name']}"
        yield _Field(here, "default" in field, field.get("protection", ""))
        held = _record_in(field["type"])
        if held is not None:
            yield from _fields(held, f"{here}.")


def _record_in(kind: Any) -> dict[str, Any] | None:
    """The record that a field holds, one or several of it."""
    if isinstance(kind, list):
        return next((found for arm in kind if (found := _record_in(arm))), None)
    if isinstance(kind, dict) and kind["type"] == "array":
        return _record_in(kind["items"])
    return kind if isinstance(kind, dict) and kind["type"] == "record" else None


_ALL = tuple(_fields(avro_schema(SafetyEvent)))
WITHHOLDABLE = frozenset(field.path for field in _ALL if field.may_go)
"""Such as `unit`, `patient`, `patient.race` or `devices.model`."""

_NAMING = frozenset(field.path for field in _ALL if field.protection in _NAMES)
IDENTIFYING_PATHS = frozenset(
    path for path in WITHHOLDABLE if any(one == path or one.startswith(f"{path}.") for one in _NAMING)
)
"""Withheld, these take with them what the narrative engine knows of an event."""
