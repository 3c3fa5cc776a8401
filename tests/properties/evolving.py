"""Small Avro schemas that might follow one another, and data that meets every arm, symbol and default in them."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import fastavro
from hypothesis import strategies as st

from schemas.resolution import named_types

NAMESPACE = "org.pso_stream.v1"
PRIMITIVES = ("long", "int", "string", "bytes", "boolean", "double", "float")
_VALUES: dict[str, list[Any]] = {
    "null": [None],
    "long": [0, 2**40],
    "int": [7],
    "string": ["", "words"],
    "bytes": [b"", b"words"],
    "boolean": [True],
    "double": [0.5],
    "float": [0.25],
}


def record(name: str, *fields: dict[str, Any]) -> dict[str, Any]:
    return {"type": "record", "name": name, "namespace": NAMESPACE, "fields": list(fields)}


def enum(name: str, *symbols: str, **more: Any) -> dict[str, Any]:
    return {"type": "enum", "name": name, "namespace": NAMESPACE, "symbols": list(symbols), **more}


def array(items: Any) -> dict[str, Any]:
    return {"type": "array", "items": items}


def data(schema: Any, names: Mapping[str, Any] | None = None) -> list[Any]:
    """Values of a schema: enough that each arm of each union and each symbol of each enum is met."""
    names = named_types(schema) if names is None else names
    if isinstance(schema, str):
        return data(names[schema], names) if schema in names else _VALUES[schema]
    if isinstance(schema, list):
        return [value for arm in schema for value in data(arm, names)]
    if schema["type"] == "enum":
        return list(schema["symbols"])
    if schema["type"] == "array":
        return [[], data(schema["items"], names)]
    columns = {f["name"]: data(f["type"], names) for f in schema["fields"]}
    longest = max((len(values) for values in columns.values()), default=1)
    return [{name: values[i % len(values)] for name, values in columns.items()} for i in range(longest)]


def reads_all(writer: Any, reader: Any) -> bool:
    """Does fastavro, given both schemas, read all of that data? It does what is judged, in a way of its own."""
    written, wanted = fastavro.parse_schema(writer), fastavro.parse_schema(reader)
    for datum in data(writer):
        out = BytesIO()
        fastavro.schemaless_writer(out, written, datum)
        try:
            fastavro.schemaless_reader(BytesIO(out.getvalue()), written, wanted)
        except Exception:  # whatever it raises, this reader could not read that
            return False
    return True


def types(path: str, depth: int = 2) -> st.SearchStrategy[Any]:
    """A type for the field at a path; named types are named after it, so that two versions agree."""
    plain = st.sampled_from(PRIMITIVES)
    enums = st.builds(
        lambda symbols, fallback: enum(f"E{path}", *symbols, **({"default": symbols[0]} if fallback else {})),
        st.lists(st.sampled_from("XYZ"), min_size=1, max_size=3, unique=True),
        st.booleans(),
    )
    if depth == 0:
        return plain | enums
    inner = types(f"{path}_", depth - 1)
    return st.one_of(
        plain, enums, inner.map(array), plain.map(lambda t: ["null", t]), enums.map(lambda t: ["null", t]),
        records(f"R{path}", f"{path}_", depth - 1), records(f"R{path}", f"{path}_", depth - 1).map(lambda t: ["null", t]),
    )  # fmt: skip


def records(name: str, path: str = "", depth: int = 2) -> st.SearchStrategy[Any]:
    """A record with some of the fields a, b and c, each with a default or without."""
    fields = [st.tuples(types(f"{path}{letter}", depth), st.booleans()) for letter in "abc"]
    drawn = st.fixed_dictionaries({}, optional=dict(zip("abc", fields, strict=True))).filter(bool)
    return drawn.map(lambda of: record(name, *(field(n, t, default=d) for n, (t, d) in of.items())))


def field(name: str, kind: Any, *, default: bool = False, **more: Any) -> dict[str, Any]:
    """A field; its default is the first value of its type."""
    return {"name": name, "type": kind, **({"default": _default(kind)} if default else {}), **more}


def _default(kind: Any) -> Any:
    first = data(kind)[0]
    if isinstance(first, dict):
        return {f["name"]: _default(f["type"]) for f in kind["fields"]}
    return "" if isinstance(first, bytes) else first
