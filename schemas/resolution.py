"""Can a reader with one Avro schema read every record written with another? The rules of Avro 1.11, schema resolution.

Aliases do not count: the specification leaves them to the reader, and avro-python3 ignores them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

_PROMOTIONS = [
    ("int", "long"),
    ("int", "float"),
    ("int", "double"),
    ("long", "float"),
    ("long", "double"),
    ("float", "double"),
    ("string", "bytes"),
    ("bytes", "string"),
]


class Kind(StrEnum):
    """In which way two schemas do not fit."""

    NO_DEFAULT = "no_default"  # the reader wants a field that the writer does not write
    SYMBOL = "symbol"  # the writer's enum has a symbol that the reader's has not
    TYPE = "type"
    NAME = "name"
    SIZE = "size"
    UNION = "union"  # the writer may choose an arm that the reader has not


@dataclass(frozen=True, slots=True)
class Misfit:
    """One place at which reading fails."""

    path: str
    kind: Kind


def full_name(schema: Mapping[str, Any]) -> str:
    """Namespace and name. The schemas here say their namespace at every named type."""
    return f"{schema['namespace']}.{schema['name']}" if "namespace" in schema else schema["name"]


def named_types(schema: Any) -> dict[str, Mapping[str, Any]]:
    """Every named type that a schema defines, by full name."""
    if isinstance(schema, list):
        return {name: found for arm in schema for name, found in named_types(arm).items()}
    if not isinstance(schema, Mapping):
        return {}
    found = {full_name(schema): schema} if "name" in schema else {}
    inside = [field["type"] for field in schema.get("fields", ())]
    return found | named_types([*inside, schema.get("items"), schema.get("values"), _nested(schema)])


def misfits(writer: Any, reader: Any) -> list[Misfit]:
    """Every place at which a record of `writer` may not be readable with `reader`; none: all are."""
    return list(_Walk(named_types(writer), named_types(reader), set()).compare(writer, reader, ""))


def _nested(schema: Mapping[str, Any]) -> Any:
    """The inner schema of {"type": {...}}, which is another way to write the inner schema alone."""
    return schema["type"] if isinstance(schema["type"], (Mapping, list)) else None


def _resolved(schema: Any, names: Mapping[str, Any]) -> Any:
    """The definition behind a name; a primitive type as its bare name; everything else as it is."""
    if isinstance(schema, str):
        return names.get(schema, schema)
    if isinstance(schema, Mapping) and (inner := _nested(schema)) is not None:
        return _resolved(inner, names)
    if isinstance(schema, Mapping) and "name" not in schema and schema["type"] not in ("array", "map"):
        return schema["type"]
    return schema


@dataclass(frozen=True, slots=True)
class _Walk:
    writers: Mapping[str, Any]
    readers: Mapping[str, Any]
    seen: set[tuple[str, str]]

    def compare(self, writer: Any, reader: Any, path: str) -> Iterator[Misfit]:
        writer, reader = _resolved(writer, self.writers), _resolved(reader, self.readers)
        if isinstance(writer, list):
            yield from self._from_union(writer, reader, path)
        elif isinstance(reader, list):
            if not any(self._fits(writer, arm) for arm in reader):
                yield from self._nearest(writer, reader, path)
        elif isinstance(writer, str) or isinstance(reader, str):
            if writer != reader and (writer, reader) not in _PROMOTIONS:
                yield Misfit(path, Kind.TYPE)
        elif writer["type"] != reader["type"]:
            yield Misfit(path, Kind.TYPE)
        else:
            yield from self._same_kind(writer, reader, path)

    def _from_union(self, writer: list[Any], reader: Any, path: str) -> Iterator[Misfit]:
        for arm in writer:
            found = list(self.compare(arm, reader, path))
            missing = any(fault.path == path and fault.kind in (Kind.TYPE, Kind.NAME) for fault in found)
            yield from [Misfit(path, Kind.UNION)] if missing else found

    def _nearest(self, writer: Any, reader: list[Any], path: str) -> Iterator[Misfit]:
        """What is wrong inside the arm that was meant: the one of the same name; else that there is none."""
        name = full_name(writer) if isinstance(writer, Mapping) and "name" in writer else None
        meant = [a for a in (_resolved(arm, self.readers) for arm in reader) if isinstance(a, Mapping) and "name" in a]
        named = [arm for arm in meant if full_name(arm) == name]
        if named:
            yield from _Walk(self.writers, self.readers, set()).compare(writer, named[0], path)
        else:
            yield Misfit(path, Kind.UNION)

    def _fits(self, writer: Any, reader: Any) -> bool:
        return not any(_Walk(self.writers, self.readers, set(self.seen)).compare(writer, reader, ""))

    def _same_kind(self, writer: Mapping[str, Any], reader: Mapping[str, Any], path: str) -> Iterator[Misfit]:
        if writer["type"] == "array":
            yield from self.compare(writer["items"], reader["items"], f"{path}[]")
        elif writer["type"] == "map":
            yield from self.compare(writer["values"], reader["values"], f"{path}{{}}")
        elif full_name(writer) != full_name(reader):
            yield Misfit(path, Kind.NAME)
        elif writer["type"] == "enum":
            if set(writer["symbols"]) - set(reader["symbols"]) and "default" not in reader:
                yield Misfit(path, Kind.SYMBOL)
        elif writer["type"] == "fixed":
            if writer["size"] != reader["size"]:
                yield Misfit(path, Kind.SIZE)
        else:
            yield from self._record(writer, reader, path)

    def _record(self, writer: Mapping[str, Any], reader: Mapping[str, Any], path: str) -> Iterator[Misfit]:
        pair = (full_name(writer), full_name(reader))
        if pair in self.seen:
            return
        self.seen.add(pair)
        written = {f["name"]: f["type"] for f in writer["fields"]}
        for wanted in reader["fields"]:
            here = f"{path}.{wanted['name']}" if path else wanted["name"]
            if wanted["name"] in written:
                yield from self.compare(written[wanted["name"]], wanted["type"], here)
            elif "default" not in wanted:
                yield Misfit(here, Kind.NO_DEFAULT)
