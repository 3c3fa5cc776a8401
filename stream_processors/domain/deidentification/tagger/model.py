"""The weights as they are shipped: a header in JSON, then compressed tables of 16-bit integers."""

import array
import json
import sys
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

from stream_processors.domain.deidentification.tagger.features import Vocabulary

MAGIC = b"PSOTAG1\n"
TABLES = ("wide", "narrow", "pair_keys", "pairs")


@dataclass(frozen=True, slots=True)
class Model:
    """All that decoding needs; a weight of `scale` stands for 1."""

    vocabulary: Vocabulary
    scale: int
    steps: tuple[float, ...]
    """Factor from label to label, LABELS x LABELS."""
    thresholds: tuple[float, ...]
    """By label: the least probability of being an identifier at all from which the token is marked."""
    wide: bytes
    """Rows x OFFSETS x LABELS integers of 16 bits."""
    narrow: bytes
    """Rows x LABELS."""
    pair_keys: bytes
    """Sorted 32-bit keys of the pairs with weights."""
    pairs: bytes
    """Pairs x LABELS."""


def packed(model: Model) -> bytes:
    """The file of a model."""
    words = model.vocabulary
    header = {
        "words": list(words.words), "classes": dict(words.classes), "affixes": list(words.affixes), "scale": model.scale,
        "steps": model.steps, "thresholds": model.thresholds, "sizes": [len(getattr(model, name)) for name in TABLES],
    }  # fmt: skip
    head = zlib.compress(json.dumps(header, separators=(",", ":")).encode(), 9)
    body = zlib.compress(b"".join(getattr(model, name) for name in TABLES), 9)
    return MAGIC + len(head).to_bytes(4, "little") + head + body


def unpacked(data: bytes) -> Model:
    """The model of a file. Raises ValueError where it is none."""
    if not data.startswith(MAGIC):
        raise ValueError("not a tagger model")
    start = len(MAGIC) + 4
    end = start + int.from_bytes(data[len(MAGIC) : start], "little")
    header: Mapping[str, list[str]] = json.loads(zlib.decompress(data[start:end]))
    return _model(header, zlib.decompress(data[end:]))


def _model(header: Mapping[str, object], body: bytes) -> Model:
    tables: dict[str, bytes] = {}
    at = 0
    sizes: list[int] = header["sizes"]  # type: ignore[assignment]
    for name, size in zip(TABLES, sizes, strict=True):
        tables[name] = body[at : at + size]
        at += size
    words: list[str] = header["words"]  # type: ignore[assignment]
    affixes: list[str] = header["affixes"]  # type: ignore[assignment]
    classes: dict[str, int] = header["classes"]  # type: ignore[assignment]
    vocabulary = Vocabulary(
        words={word: row for row, word in enumerate(words)},
        classes=classes,
        affixes={affix: row for row, affix in enumerate(affixes)},
    )
    return Model(
        vocabulary=vocabulary,
        scale=int(header["scale"]),  # type: ignore[call-overload]
        steps=tuple(header["steps"]),  # type: ignore[arg-type]
        thresholds=tuple(header["thresholds"]),  # type: ignore[arg-type]
        **tables,
    )


def shipped() -> bytes:
    """The file in the wheel."""
    return files(__package__).joinpath("model.bin").read_bytes()


def integers(table: bytes, kind: str = "h") -> "array.array[int]":
    """A table as an array; the file is little-endian."""
    values = array.array(kind, table)
    if sys.byteorder == "big":
        values.byteswap()
    return values
