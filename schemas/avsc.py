"""A record type as an Avro schema, with doc and protection class on every field."""

from enum import StrEnum
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta

from schemas.records import Record

NAMESPACE = "org.pso_stream.v1"
_PRIMITIVES: dict[type, str] = {str: "string", int: "long", float: "double", bool: "boolean", bytes: "bytes"}


def avro_schema(record: type[Record]) -> dict[str, Any]:
    """The Avro schema of a record type. Named types are defined at first use and then named."""
    schema: dict[str, Any] = _type(record, set())
    return schema


def _type(hint: Any, seen: set[str]) -> Any:
    origin = get_origin(hint)
    if origin is Annotated:
        return _type(get_args(hint)[0], seen)
    if origin in (Union, UnionType):
        return ["null", *(_type(arm, seen) for arm in get_args(hint) if arm is not NoneType)]
    if origin is tuple:
        return {"type": "array", "items": _type(get_args(hint)[0], seen)}
    if hint in _PRIMITIVES:
        return _PRIMITIVES[hint]
    return _named(hint, seen)


def _named(hint: Any, seen: set[str]) -> Any:
    full_name = f"{NAMESPACE}.{hint.__name__}"
    if full_name in seen:
        return full_name
    seen.add(full_name)
    if issubclass(hint, StrEnum):
        return _enum(hint)
    fields = msgspec.structs.fields(hint)
    hints = get_type_hints(hint, include_extras=True)
    return {
        "type": "record",
        "name": hint.__name__,
        "namespace": NAMESPACE,
        "doc": _summary(hint),
        "fields": [_field(field, hints[field.name], seen) for field in fields],
    }


def _enum(hint: type[StrEnum]) -> dict[str, Any]:
    symbols = [str(member) for member in hint]
    schema: dict[str, Any] = {"type": "enum", "name": hint.__name__, "namespace": NAMESPACE, "symbols": symbols}
    # What a reader of this version takes a symbol of a later version for. Without one no symbol can ever be added.
    fallback = next((symbol for symbol in ("unknown", "other") if symbol in symbols), None)
    return schema if fallback is None else {**schema, "default": fallback}


def _field(field: msgspec.structs.FieldInfo, hint: Any, seen: set[str]) -> dict[str, Any]:
    schema: dict[str, Any] = {"name": field.name, "type": _type(hint, seen)}
    meta = next((m for m in getattr(hint, "__metadata__", ()) if isinstance(m, Meta) and m.extra), None)
    if meta is not None:
        schema["doc"] = meta.description
        schema["protection"] = str((meta.extra or {})["protection"])
    if field.default is not msgspec.NODEFAULT:
        schema["default"] = msgspec.to_builtins(field.default, builtin_types=()) if field.default != () else []
    return schema


def _summary(hint: Any) -> str:
    return (hint.__doc__ or "").strip().splitlines()[0]


def unprotected(record: type[Record], path: str = "") -> list[str]:
    """Paths of fields without a protection class; a field that holds a record takes the classes of its fields."""
    found: list[str] = []
    for name, hint in get_type_hints(record, include_extras=True).items():
        here = f"{path}.{name}" if path else name
        nested = _records_in(hint)
        classed = any(isinstance(m, Meta) and "protection" in (m.extra or {}) for m in getattr(hint, "__metadata__", ()))
        if not nested and not classed:
            found.append(here)
        for inner in nested:
            found.extend(unprotected(inner, here))
    return found


def _records_in(hint: Any) -> list[type[Record]]:
    if isinstance(hint, type) and issubclass(hint, Record):
        return [hint]
    return [r for arm in get_args(hint) for r in _records_in(arm)]
