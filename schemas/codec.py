"""Record <-> bytes in the Confluent wire format: 0x00, four bytes of schema id, Avro. The only importer of fastavro."""

import struct
from io import BytesIO
from typing import TypeVar

import msgspec
from fastavro import parse_schema, schemaless_reader, schemaless_writer

from schemas.catalogue import Catalogue
from schemas.records import Record

R = TypeVar("R", bound=Record)
_FRAME = struct.Struct(">bI")


class Undecodable(Exception):
    """The bytes are no record of the expected type. `reason` is a code, `path` the field; never a value."""

    def __init__(self, reason: str, path: str = "") -> None:
        super().__init__(f"{reason} {path}".rstrip())
        self.reason = reason
        self.path = path


class Codec:
    """Encodes and decodes the records of one catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._heads = {t: _FRAME.pack(0, i) for t, i in catalogue.ids.items()}
        self._writers = {t: parse_schema(catalogue.schema(i)) for t, i in catalogue.ids.items()}
        self._readers = {i: parse_schema(catalogue.schema(i)) for i in catalogue.readable}
        self._types = catalogue.readable

    def encode(self, record: Record) -> bytes:
        """The framed bytes of a record: the same record always gives the same bytes."""
        out = BytesIO()
        out.write(self._heads[type(record)])
        schemaless_writer(out, self._writers[type(record)], msgspec.to_builtins(record))
        return out.getvalue()

    def decode(self, value: bytes | None, expected: type[R]) -> R:
        """The record in `value`. Raises Undecodable when it is not a whole, valid record of the expected type."""
        if value is None or len(value) < _FRAME.size:
            raise Undecodable("empty")
        magic, schema_id = _FRAME.unpack_from(value)
        if magic != 0:
            raise Undecodable("not_framed")
        if schema_id not in self._readers:
            raise Undecodable("unknown_schema")
        if self._types[schema_id] is not expected:
            raise Undecodable("unexpected_record")
        return self._convert(self._read(value, schema_id), expected)

    def _read(self, value: bytes, schema_id: int) -> object:
        stream = BytesIO(value)
        stream.seek(_FRAME.size)
        try:
            datum: object = schemaless_reader(stream, self._readers[schema_id], None)
        except (
            Exception
        ) as error:  # fastavro raises whatever the bytes lead it to: EOFError, IndexError, UnicodeError ...
            raise Undecodable("not_avro") from error
        if stream.read(1):
            raise Undecodable("trailing_bytes")
        return datum

    @staticmethod
    def _convert(datum: object, expected: type[R]) -> R:
        try:
            return msgspec.convert(datum, expected)
        except msgspec.ValidationError as error:
            # The message ends with "at `$.path`" and may quote a value before it: only the path is kept.
            _, _, path = str(error).rpartition(" - at `$")
            raise Undecodable("invalid_field", path.rstrip("`").lstrip(".")) from None
