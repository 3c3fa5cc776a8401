"""Contributions and counts as an outsider reads them: by fastavro, with a fold of its own, each cell by the text of its key."""

import io
import json
import struct
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from fastavro import parse_schema, schemaless_reader

from stream_processors.runtime.messages import Incoming

AVRO = Path(__file__).parents[2] / "schemas" / "avro"
CATALOGUE = {entry["id"]: entry["file"] for entry in json.loads((AVRO / "catalogue.json").read_text())}

Record = dict[str, Any]
Counts = Counter[tuple[str, str]]
"""Events by cell and contributor."""


@cache
def schema(number: int) -> Any:
    """The schema of this id in the catalogue."""
    return parse_schema(json.loads((AVRO / CATALOGUE[number]).read_text()))


def decoded(message: Incoming) -> Record:
    """A record by the schema that its frame names, its fields in the order of the schema."""
    stream = io.BytesIO(message.value or b"")
    _magic, number = struct.unpack(">bI", stream.read(5))
    found: Record = schemaless_reader(stream, schema(number), None)
    return found


def latest(contributions: Iterable[Record]) -> dict[tuple[str, str], Record]:
    """The contribution of each event that counts."""
    found: dict[tuple[str, str], Record] = {}
    for record in contributions:
        event = record["provider"], record["event_id"]
        if event not in found or _rank(record) > _rank(found[event]):
            found[event] = record
    return found


def counted(contributions: Iterable[Record]) -> Counts:
    """The counts of all cells of these contributions. Their members are counted when asked, in no fold (decision 15)."""
    counts: Counts = Counter()
    for record in contributions:
        if not record["withdrawn"]:
            counts.update((cell, record["provider"]) for cell in _keys(record["cells"]))
    return counts


def heard(said: Iterable[Record], *, highest: bool) -> Counts:
    """What a reader of counts holds in the end, who keeps the highest version of each, or the last that was written."""
    kept: dict[tuple[str, str, int], Record] = {}
    for record in said:
        place = _key(record["cell"]), record["contributor"], record["partition"]
        if not highest or place not in kept or record["version"] >= kept[place]["version"]:
            kept[place] = record
    return total((cell, contributor, record["count"]) for (cell, contributor, _), record in kept.items())


def total(rows: Iterable[Iterable[Any]]) -> Counts:
    """Cell, contributor and count of several partitions, added up."""
    counts: Counts = Counter()
    for cell, contributor, count in rows:
        counts[cell, contributor] += int(count)
    return counts


def _rank(record: Record) -> tuple[list[int], list[list[str]]]:
    """What decides between contributions of one event: its numbers in the order of the schema, then its cells."""
    numbers = [value for value in record.values() if isinstance(value, int)]
    return numbers, [_keys(value) for value in record.values() if isinstance(value, list)]


def _keys(cells: Iterable[Any]) -> list[str]:
    return sorted({_key(cell) for cell in cells})


def _key(cell: Any) -> str:
    return cell if isinstance(cell, str) else "/".join(cell.values())
