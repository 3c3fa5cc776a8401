"""Writes the public schemas: avro/*.avsc and catalogue.json from the record types, released/ from avro/."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from schemas import topics
from schemas.avsc import avro_schema
from schemas.compatibility import Fault, amends, follows
from schemas.records import Record

HERE = Path(__file__).parent
CATALOGUE = "catalogue.json"
Entry = dict[str, Any]


def public_records() -> tuple[type[Record], ...]:
    """The record type of every topic, in the order of the flow."""
    every = topics.all_topics(("any",))
    return tuple(dict.fromkeys(topic.record for topic in every))


def render(current: Path = HERE / "avro", released: Path = HERE / "released") -> list[Path]:
    """Writes what the record types say and returns the files that changed.

    A released file is never written with another shape: the record type gets a new version under a new id instead.
    """
    entries = entries_of(current)
    files: dict[str, Any] = {}
    for record in public_records():
        schema = avro_schema(record)
        newest = max((e for e in entries if e["record"] == record.__name__), key=_version, default=None)
        if newest is None or _is_closed(released / newest["file"], schema):
            newest = _entry(record, entries)
            entries.append(newest)
        files[newest["file"]] = schema
    files[CATALOGUE] = entries
    return [path for name, content in files.items() if _write(path := current / name, text_of(content))]


def faults(current: Path = HERE / "avro", released: Path = HERE / "released") -> Iterator[tuple[str, Fault | str]]:
    """(file, fault) for everything in `current` that may not follow what was released."""
    ids = {entry["file"]: entry for entry in entries_of(current)}
    for entry in entries_of(released):
        if ids.get(entry["file"]) != entry:
            yield entry["file"], "its line in catalogue.json changed or went; put it back"
        elif not (current / entry["file"]).exists():
            yield entry["file"], "the file went; put it back"
        else:
            for fault in amends(_load(current / entry["file"]), _load(released / entry["file"])):
                yield entry["file"], fault
    for entry in ids.values():
        older = [e for e in ids.values() if e["record"] == entry["record"] and e["version"] < entry["version"]]
        for fault in follows(_load(current / entry["file"]), (_load(current / e["file"]) for e in older)):
            yield entry["file"], fault


def release(current: Path = HERE / "avro", released: Path = HERE / "released") -> list[Path]:
    """Copies the current schemas over the released ones and returns the files that changed. Check for faults first."""
    released.mkdir(exist_ok=True)
    names = [CATALOGUE, *(entry["file"] for entry in entries_of(current))]
    return [released / name for name in names if _write(released / name, (current / name).read_text())]


def entries_of(folder: Path) -> list[Entry]:
    """The lines of a folder's catalogue; none where there is no catalogue yet."""
    path = folder / CATALOGUE
    found: list[Entry] = json.loads(path.read_text()) if path.exists() else []
    return found


def text_of(content: Any) -> str:
    """JSON as it stands in the tree."""
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _load(path: Path) -> Any:
    return json.loads(path.read_text())


def _version(entry: Entry) -> int:
    return int(entry["version"])


def _is_closed(released: Path, schema: Any) -> bool:
    return released.exists() and bool(amends(schema, _load(released)))


def _entry(record: type[Record], entries: list[Entry]) -> Entry:
    version = 1 + max((e["version"] for e in entries if e["record"] == record.__name__), default=0)
    words = re.sub(r"(?<!^)(?=[A-Z])", "_", record.__name__).lower()
    number = 1 + max((e["id"] for e in entries), default=0)
    return {"id": number, "record": record.__name__, "version": version, "file": f"{words}.v{version}.avsc"}


def _write(path: Path, text: str) -> bool:
    if path.exists() and path.read_text() == text:
        return False
    path.write_text(text)
    return True
