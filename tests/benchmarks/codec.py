"""Bytes and records: this codec beside fastavro with the same msgspec conversion around it (decision 0007)."""

import io
import json
from collections.abc import Callable
from typing import Any

import fastavro
import msgspec

from schemas.catalogue import bundled
from schemas.codec import Codec
from schemas.records import Record
from schemas.records.parts import Narrative
from schemas.taxonomy import NarrativeKind
from tests.benchmarks.domain import reported
from tests.benchmarks.timing import per_second
from tests.support.builders import classified

LONG = "x" * 4_000


def codec() -> dict[str, dict[str, float]]:
    """Records per second of each direction, and the bytes of a record."""
    event = reported()
    long = msgspec.structs.replace(event, narratives=(Narrative(NarrativeKind.DESCRIPTION, LONG),))
    records: dict[str, Record] = {"SafetyEvent": event, "SafetyEvent, long": long, "ClassifiedEvent": classified(event)}
    return {name: _compared(record) for name, record in records.items()}


def _compared(record: Record) -> dict[str, float]:
    ours, kind = Codec(bundled()), type(record)
    octets = ours.encode(record)
    writes, reads = _fastavro(kind, record)
    return {
        "bytes": len(octets),
        "encode": per_second(lambda: ours.encode(record)),
        "decode": per_second(lambda: ours.decode(octets, kind)),
        "fastavro_encode": per_second(writes),
        "fastavro_decode": per_second(reads),
    }


def _fastavro(kind: type[Record], record: Record) -> tuple[Callable[[], bytes], Callable[[], Any]]:
    catalogue = bundled()
    schema = fastavro.parse_schema(json.loads(json.dumps(catalogue.schema(catalogue.ids[kind]))))

    def write() -> bytes:
        out = io.BytesIO()
        fastavro.schemaless_writer(out, schema, msgspec.to_builtins(record))
        return out.getvalue()

    octets = write()
    return write, lambda: msgspec.convert(fastavro.schemaless_reader(io.BytesIO(octets), schema, None), kind)
