"""The two Avro libraries under one face: what our own codec is held to."""

import json
from functools import cache
from io import BytesIO
from typing import Any, Protocol

import avro.io
import avro.schema
import fastavro


@cache
def _avro(schema: str) -> Any:
    return avro.schema.parse(schema)


@cache
def _fastavro(schema: str) -> Any:
    return fastavro.parse_schema(json.loads(schema))


class Library(Protocol):
    """Writes and reads one datum without a container."""

    def write(self, schema: Any, datum: Any) -> bytes: ...

    def read(self, schema: Any, octets: bytes) -> Any: ...


class AvroPython3:
    """The reference implementation."""

    def write(self, schema: Any, datum: Any) -> bytes:
        out = BytesIO()
        avro.io.DatumWriter(_avro(json.dumps(schema))).write(datum, avro.io.BinaryEncoder(out))
        return out.getvalue()

    def read(self, schema: Any, octets: bytes) -> Any:
        parsed = _avro(json.dumps(schema))
        stream = BytesIO(octets)
        datum = avro.io.DatumReader(parsed, parsed).read(avro.io.BinaryDecoder(stream))
        assert not stream.read(1), "bytes were left"
        return datum


class Fastavro:
    """The fast one."""

    def write(self, schema: Any, datum: Any) -> bytes:
        out = BytesIO()
        fastavro.schemaless_writer(out, _fastavro(json.dumps(schema)), datum)
        return out.getvalue()

    def read(self, schema: Any, octets: bytes) -> Any:
        stream = BytesIO(octets)
        datum = fastavro.schemaless_reader(stream, _fastavro(json.dumps(schema)), None)
        assert not stream.read(1), "bytes were left"
        return datum


LIBRARIES: dict[str, Library] = {"avro-python3": AvroPython3(), "fastavro": Fastavro()}
