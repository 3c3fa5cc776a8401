"""An Avro schema compiled into a function that appends a record to a buffer, straight from the record's attributes.

Own code because it is the hottest line of every step: an event takes a quarter of the time that
fastavro takes (docs/decisions/0007-own-avro-binary.md). tests/properties/test_codec.py holds it to both Avro libraries.
"""

import struct
from collections.abc import Callable
from operator import attrgetter
from typing import Any

Writer = Callable[[bytearray, Any], None]

_DOUBLE = struct.Struct("<d")
_LONG_MIN, _LONG_END = -(2**63), 2**63


def compile_writer(schema: Any) -> Writer:
    """The writer of a record schema as avsc.py renders it: unions are ["null", one type]; there are no maps.

    What it writes is what Avro 1.10 calls the binary encoding, arrays in one block. A value that is not of the schema
    raises AttributeError, KeyError, TypeError or ValueError.
    """
    return _writer(schema, {})


def _writer(schema: Any, named: dict[str, Writer]) -> Writer:
    if isinstance(schema, str):
        return named[schema] if schema in named else _PRIMITIVES[schema]
    if schema["type"] == "array":
        return _array(_writer(schema["items"], named))
    compiled = _enum(schema["symbols"]) if schema["type"] == "enum" else _record(schema["fields"], named)
    named[f"{schema['namespace']}.{schema['name']}"] = compiled
    return compiled


def _record(fields: list[dict[str, Any]], named: dict[str, Writer]) -> Writer:
    steps = tuple(_step(field["type"], named) for field in fields)
    values_of = _attributes(tuple(field["name"] for field in fields))

    def write(out: bytearray, record: Any) -> None:
        for value, (nullable, put) in zip(values_of(record), steps, strict=True):
            if nullable:
                if value is None:
                    out.append(0)
                    continue
                out.append(2)  # the second arm: 1, zigzag
            put(out, value)

    return write


def _attributes(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    get = attrgetter(*names)
    return get if len(names) > 1 else lambda record: (get(record),)  # of one name it gives the bare value


def _step(schema: Any, named: dict[str, Writer]) -> tuple[bool, Writer]:
    if isinstance(schema, list):
        _null, arm = schema
        return True, _writer(arm, named)
    return False, _writer(schema, named)


def _enum(symbols: list[str]) -> Writer:
    codes = {symbol: _varint(place) for place, symbol in enumerate(symbols)}

    def write(out: bytearray, symbol: str) -> None:
        out += codes[symbol]

    return write


def _array(put: Writer) -> Writer:
    def write(out: bytearray, items: Any) -> None:
        if items:
            _long(out, len(items))
            for item in items:
                put(out, item)
        out.append(0)

    return write


def _varint(number: int) -> bytes:
    if not _LONG_MIN <= number < _LONG_END:
        raise ValueError("not a 64-bit integer")
    zigzag = (number << 1) ^ (number >> 63)
    out = bytearray()
    while zigzag > 0x7F:
        out.append((zigzag & 0x7F) | 0x80)
        zigzag >>= 7
    out.append(zigzag)
    return bytes(out)


_SMALL = tuple(_varint(number) for number in range(4096))


def _long(out: bytearray, number: int) -> None:
    out += _SMALL[number] if 0 <= number < 4096 else _varint(number)


def _bytes(out: bytearray, octets: bytes) -> None:
    size = len(octets)
    out += _SMALL[size] if size < 4096 else _varint(size)
    out += octets


def _string(out: bytearray, text: str) -> None:
    octets = text.encode()
    size = len(octets)
    out += _SMALL[size] if size < 4096 else _varint(size)
    out += octets


def _boolean(out: bytearray, truth: bool) -> None:
    out.append(1 if truth else 0)


def _double(out: bytearray, number: float) -> None:
    out += _DOUBLE.pack(number)


_PRIMITIVES: dict[str, Writer] = {
    "boolean": _boolean,
    "bytes": _bytes,
    "double": _double,
    "long": _long,
    "string": _string,
}
