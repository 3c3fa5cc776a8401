"""An Avro schema compiled into a function that appends a record to a buffer, straight from the record's attributes.

Own code because it is the hottest line of every step: an event takes a small part of the time that
fastavro takes (docs/decisions/0007-own-avro-binary.md). tests/properties/test_codec.py holds it to both Avro libraries.
"""

import struct
from collections.abc import Callable
from operator import attrgetter
from typing import Any

Writer = Callable[[bytearray, Any], None]

_DOUBLE = struct.Struct("<d")
_LONG_MIN, _LONG_END = -(2**63), 2**63
_SECOND_ARM = b"\2"
"""Of a union with null: 1, zigzag."""


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
    compiled = _Enum(schema["symbols"]) if schema["type"] == "enum" else _record(schema["fields"], named)
    named[f"{schema['namespace']}.{schema['name']}"] = compiled
    return compiled


def _record(fields: list[dict[str, Any]], named: dict[str, Writer]) -> Writer:
    """A function of one statement or two per field: a loop over the fields takes nearly three times as long.

    Its source holds the places of the fields and nothing else of the schema, whose names never become code.
    """
    constants: dict[str, Any] = {"values_of": _attributes(tuple(field["name"] for field in fields)), **_CONSTANTS}
    values = [f"v{place}" for place in range(len(fields))]
    lines = ["def write(out, record):", f" {', '.join(values)}, = values_of(record)"]
    for value, field in zip(values, fields, strict=True):
        lines += (f" {line}" for line in _statements(value, field["type"], constants, named))
    exec("\n".join(lines), constants)  # noqa: S102 - made of constants of this file alone
    compiled: Writer = constants["write"]
    return compiled


def _attributes(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    get = attrgetter(*names)
    return get if len(names) > 1 else lambda record: (get(record),)  # of one name it gives the bare value


def _statements(value: str, schema: Any, constants: dict[str, Any], named: dict[str, Writer]) -> list[str]:
    """What appends the variable `value` to `out`."""
    if not isinstance(schema, list):
        return _put(value, schema, b"", constants, named)
    _null, arm = schema
    put = _put(value, arm, _SECOND_ARM, constants, named)
    return [f"if {value} is None:", " out.append(0)", "else:", *(f" {line}" for line in put)]


def _put(value: str, schema: Any, arm: bytes, constants: dict[str, Any], named: dict[str, Writer]) -> list[str]:
    """What appends a value that is there, behind the bytes `arm`."""
    if schema == "string":
        sizes = "sizes_behind_arm" if arm else "sizes"
        size = f"out += {sizes}[size] if size < 4096 else {arm!r} + varint(size)"
        return [f"octets = {value}.encode()", "size = len(octets)", size, "out += octets"]
    put = _writer(schema, named)
    if isinstance(put, _Enum):
        constants[f"codes_{value}"] = {symbol: arm + code for symbol, code in put.items()}
        return [f"out += codes_{value}[{value}]"]
    constants[f"put_{value}"] = put
    return [*([f"out += {arm!r}"] if arm else []), f"put_{value}(out, {value})"]


class _Enum(dict[str, bytes]):
    """The code of each symbol, and their writer where one stands alone."""

    def __init__(self, symbols: list[str]) -> None:
        super().__init__((symbol, _varint(place)) for place, symbol in enumerate(symbols))

    def __call__(self, out: bytearray, symbol: str) -> None:
        out += self[symbol]


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
_CONSTANTS = {"sizes": _SMALL, "sizes_behind_arm": tuple(_SECOND_ARM + size for size in _SMALL), "varint": _varint}
"""What every compiled function can name."""


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
