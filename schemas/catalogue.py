"""Schema ids: which number in a frame means which record. Bundled, so that no server is needed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from schemas import records
from schemas.records import Record

AVRO = files("schemas") / "avro"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """`ids`: the id written for a record type. `readable`: the type behind every id that may be read."""

    ids: Mapping[type[Record], int]
    readable: Mapping[int, type[Record]]
    schemas: Mapping[int, dict[str, Any]]

    def schema(self, schema_id: int) -> dict[str, Any]:
        """The parsed Avro schema of an id."""
        return self.schemas[schema_id]


def bundled() -> Catalogue:
    """The catalogue that ships with the package: avro/catalogue.json names file and id of every released schema."""
    entries = json.loads((AVRO / "catalogue.json").read_text())
    readable: dict[int, type[Record]] = {}
    schemas: dict[int, dict[str, Any]] = {}
    ids: dict[type[Record], int] = {}
    for entry in sorted(entries, key=lambda e: e["version"]):
        record = getattr(records, entry["record"])
        readable[entry["id"]] = record
        schemas[entry["id"]] = json.loads((AVRO / entry["file"]).read_text())
        ids[record] = entry["id"]  # the newest version is the one written
    return Catalogue(ids, readable, schemas)
