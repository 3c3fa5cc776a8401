"""Record <-> bytes in the Confluent wire format: 0x00, four bytes of schema id, Avro."""

import struct
from typing import TypeVar

import msgspec

from schemas.avro_reader import compile_reader
from schemas.avro_writer import compile_writer
from schemas.catalogue import Catalogue
from schemas.records import Record

R = TypeVar("R", bound=Record)
_FRAME = struct.Struct(">bI")


class Undecodable(Exception):
    """The bytes are no record of the expected type. `reason` is a code, `path` the field; never a value.

    It has no cause and no context: a UnicodeDecodeError carries the bytes it failed on.
    """

    def __init__(self, reason: str, path: str = "") -> None:
        super().__init__(f"{reason} {path}".rstrip())
        self.reason = reason
        self.path = path


class Unencodable(Exception):
    """The record holds a value that its schema has no bytes for. Says which record type; never a value."""


class Codec:
    """Encodes and decodes the records of one catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._writers = {t: (_FRAME.pack(0, i), compile_writer(catalogue.schema(i))) for t, i in catalogue.ids.items()}
        self._readers = {i: (t, compile_reader(catalogue.schema(i))) for i, t in catalogue.readable.items()}

    def encode(self, record: Record) -> bytes:
        """The framed bytes of a record: the same record always gives the same bytes. Raises Unencodable."""
        frame, write = self._writers[type(record)]
        out = bytearray(frame)
        try:
            write(out, record)
        except (AttributeError, KeyError, TypeError, ValueError):
            pass  # raised below, where this error is no longer its context
        else:
            return bytes(out)
        raise Unencodable(type(record).__name__)

    def decode(self, value: bytes | None, expected: type[R]) -> R:
        """The record in `value`. Raises Undecodable when it is not a whole, valid record of the expected type."""
        if value is None or len(value) < _FRAME.size:
            raise Undecodable("empty")
        magic, schema_id = _FRAME.unpack_from(value)
        if magic != 0:
            raise Undecodable("not_framed")
        if schema_id not in self._readers:
            raise Undecodable("unknown_schema")
        record, read = self._readers[schema_id]
        if record is not expected:
            raise Undecodable("unexpected_record")
        try:
            datum, end = read(value, _FRAME.size)
        except (IndexError, ValueError, struct.error):
            end = -1
        if end < 0:
            raise Undecodable("not_avro")
        if end != len(value):
            raise Undecodable("trailing_bytes")
        return _converted(datum, expected)


def _converted(datum: object, expected: type[R]) -> R:
    try:
        return msgspec.convert(datum, expected)
    except msgspec.ValidationError as error:
        path = _path(str(error))
    raise Undecodable("invalid_field", path)


def _path(message: str) -> str:
    """The field in msgspec's words: they end with "at `$.path`", and may quote a value before it."""
    _, found, path = message.rpartition(" - at `$")
    return path.rstrip("`").lstrip(".") if found else ""
