"""An Avro schema compiled into a function that reads a record from bytes that anybody may have sent.

Never reads past the end, never allocates for a length that the bytes do not hold, and takes time in proportion to them.
The other half of avro_writer.py.
"""

import struct
from collections.abc import Callable
from typing import Any

Reader = Callable[[bytes, int], tuple[Any, int]]
"""(bytes, position) -> (value, position behind it)."""

_DOUBLE = struct.Struct("<d")


class Malformed(ValueError):
    """The bytes break Avro's binary encoding."""


def compile_reader(schema: Any) -> Reader:
    """The reader of a record schema as avsc.py renders it: unions are ["null", one type]; there are no maps.

    It gives dicts, lists and plain values; a null field with a default is left out. Bytes that are no such record raise
    IndexError (they end too soon), struct.error or ValueError (Malformed, or no UTF-8).
    """
    return _reader(schema, {})


def _reader(schema: Any, named: dict[str, Reader]) -> Reader:
    if isinstance(schema, str):
        return named[schema] if schema in named else _PRIMITIVES[schema]
    if schema["type"] == "array":
        return _array(_reader(schema["items"], named))
    compiled = _enum(schema["symbols"]) if schema["type"] == "enum" else _record(schema["fields"], named)
    named[f"{schema['namespace']}.{schema['name']}"] = compiled
    return compiled


def _record(fields: list[dict[str, Any]], named: dict[str, Reader]) -> Reader:
    steps = tuple(_step(field, named) for field in fields)
    nulls = {f["name"]: None for f in fields if isinstance(f["type"], list) and "default" not in f}

    def read(octets: bytes, at: int) -> tuple[dict[str, Any], int]:
        record: dict[str, Any] = nulls.copy()
        for name, nullable, get in steps:
            if nullable:
                arm = octets[at]
                at += 1
                if arm == 0:
                    continue
                if arm != 2:
                    raise Malformed("union")
            record[name], at = get(octets, at)
        return record, at

    return read


def _step(field: dict[str, Any], named: dict[str, Reader]) -> tuple[str, bool, Reader]:
    if isinstance(field["type"], list):
        _null, arm = field["type"]
        return field["name"], True, _reader(arm, named)
    return field["name"], False, _reader(field["type"], named)


def _enum(symbols: list[str]) -> Reader:
    def read(octets: bytes, at: int) -> tuple[str, int]:
        place, at = _long(octets, at)
        if place < 0:
            raise Malformed("enum")
        return symbols[place], at

    return read


def _array(get: Reader) -> Reader:
    def read(octets: bytes, at: int) -> tuple[list[Any], int]:
        items: list[Any] = []
        while True:
            count, at = _long(octets, at)
            if count == 0:
                return items, at
            if count < 0:  # Avro: then the block's size in bytes follows, for readers that want to skip it
                count = -count
                _size, at = _long(octets, at)
            if count > len(octets) - at:  # no item is shorter than a byte
                raise Malformed("array")
            for _ in range(count):
                item, at = get(octets, at)
                items.append(item)

    return read


def _long(octets: bytes, at: int) -> tuple[int, int]:
    byte = octets[at]
    at += 1
    number = byte & 0x7F
    shift = 7
    while byte & 0x80:
        byte = octets[at]
        at += 1
        number |= (byte & 0x7F) << shift
        shift += 7
        if shift > 70 or number >> 64:
            raise Malformed("long")
    return (number >> 1) ^ -(number & 1), at


def _bytes(octets: bytes, at: int) -> tuple[bytes, int]:
    size = octets[at]
    if size & 0x81:  # odd is negative; 0x80 says that the length goes on
        size, at = _long(octets, at)
    else:
        size >>= 1
        at += 1
    end = at + size
    if size < 0 or end > len(octets):
        raise Malformed("length")
    return octets[at:end], end


def _string(octets: bytes, at: int) -> tuple[str, int]:
    # _bytes() once more, inline: strings are most of a record, and a call costs as much as the rest of this function.
    size = octets[at]
    if size & 0x81:
        size, at = _long(octets, at)
    else:
        size >>= 1
        at += 1
    end = at + size
    if size < 0 or end > len(octets):
        raise Malformed("length")
    return octets[at:end].decode(), end


def _boolean(octets: bytes, at: int) -> tuple[bool, int]:
    byte = octets[at]
    if byte > 1:
        raise Malformed("boolean")
    return byte == 1, at + 1


def _double(octets: bytes, at: int) -> tuple[float, int]:
    (number,) = _DOUBLE.unpack_from(octets, at)
    return number, at + _DOUBLE.size


_PRIMITIVES: dict[str, Reader] = {
    "boolean": _boolean,
    "bytes": _bytes,
    "double": _double,
    "long": _long,
    "string": _string,
}
