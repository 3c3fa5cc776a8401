"""The invented messages of schemas/examples: folder = record and version, file = one case worth knowing."""

import json
from pathlib import Path
from typing import Any

import msgspec

from schemas import rendering
from schemas.catalogue import bundled

FOLDER = rendering.HERE / "examples"
EXAMPLES = sorted(FOLDER.glob("*/*"))
_ENTRIES = {entry["file"].removesuffix(".avsc"): entry for entry in rendering.entries_of(rendering.HERE / "avro")}
_CATALOGUE = bundled()


def entry_of(path: Path) -> dict[str, Any]:
    """The catalogue's line for the schema that an example belongs to."""
    return _ENTRIES[path.parent.name]


def record_in(path: Path) -> Any:
    """The record that an example is."""
    return msgspec.convert(json.loads(path.read_text()), _CATALOGUE.readable[entry_of(path)["id"]])
