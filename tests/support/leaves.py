"""Reading and changing one field of a record by its path, `event.devices[].model` meaning that of the first device."""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from schemas.records import Record
from stream_processors.domain.deidentification.rules_applied import members


def leaf(record: Any, path: str) -> Any:
    """The value at a path; None where something on the way is absent."""
    name, _, rest = path.partition(".")
    value = getattr(record, name.removesuffix("[]"))
    if name.endswith("[]"):
        value = value[0] if value else None
    return leaf(value, rest) if rest and value is not None else value


def with_leaf(record: Any, path: str, value: Any, made: Callable[[type[Record]], Any]) -> Any:
    """The record with another value at a path; `made` makes what is absent on the way."""
    part, _, rest = path.partition(".")
    name, is_list = part.removesuffix("[]"), part.endswith("[]")
    held = getattr(record, name)
    if rest:
        first = held[0] if is_list and held else None if is_list else held
        kind = next(member.holds for member in members(type(record)) if member.name == name)
        assert kind is not None, path
        value = with_leaf(made(kind) if first is None else first, rest, value, made)
    others = held[1:] if is_list and rest else ()
    return replace(record, **{name: (value, *others) if is_list else value})
