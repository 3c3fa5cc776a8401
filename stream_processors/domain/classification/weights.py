"""The weights as they are shipped: a header in JSON, then compressed tables of small integers."""

import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from stream_processors.domain.classification.heads import COLUMNS

MAGIC = b"PSOCLS1\n"
SCALE = 128
"""An integer of this size in a table stands for a weight of 1."""
UNKNOWN = 0
"""The token of a word that training never saw."""

Table = npt.NDArray[np.int16]
Keys = npt.NDArray[np.int64]
Steps = tuple[tuple[float, float], ...]
"""(from this probability on, this share of the answers was right), both rising."""


@dataclass(frozen=True, slots=True)
class Policy:
    """From sums to answers: how far sums are to be believed, and from which confidence an answer is given."""

    slopes: tuple[float, float, float]
    """What the sums of report type, harm and categories are multiplied by."""
    shift: float
    """Added to the sum of each category."""
    least: Mapping[str, float]
    """By code: the least confidence with which it is said."""
    alarm: float
    """Death and severe harm together are this likely: then nothing milder is said."""
    unclear: float
    """The text is this likely to be vague: then nothing is said."""
    told: tuple[Steps, Steps, Steps] = ((), (), ())
    """What is told as the confidence of a report type, categories and harm that are said; without steps the probability."""


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """All that scoring needs. `name` is what a classification says it came from."""

    name: str
    tokens: tuple[str, ...]
    words: tuple[str, ...]
    """The words that training met, to be looked up once; another word is read by its ending."""
    single: Table
    """Token x COLUMNS."""
    pair_keys: Keys
    """Sorted: first token x number of tokens + second, of neighbours."""
    pairs: Table
    skip_keys: Keys
    """The same of tokens with one between."""
    skips: Table
    bias: Table
    policy: Policy


def packed(weights: Weights) -> bytes:
    """The file of a model."""
    policy = weights.policy
    header = {
        "name": weights.name, "tokens": weights.tokens, "words": weights.words, "pairs": len(weights.pair_keys),
        "skips": len(weights.skip_keys), "slopes": policy.slopes, "shift": policy.shift, "least": dict(policy.least),
        "alarm": policy.alarm, "unclear": policy.unclear,
        "told": policy.told,
    }  # fmt: skip
    tables = [table.astype("<i2").tobytes() for table in (weights.single, weights.pairs, weights.skips, weights.bias)]
    keys = [np.diff(table, prepend=0).astype("<i4").tobytes() for table in (weights.pair_keys, weights.skip_keys)]
    head = zlib.compress(json.dumps(header, separators=(",", ":")).encode(), 9)
    return MAGIC + len(head).to_bytes(4, "little") + head + zlib.compress(b"".join([*keys, *tables]), 9)


def unpacked(data: bytes) -> Weights:
    """The model of a file. Raises ValueError where it is none or damaged."""
    if not data.startswith(MAGIC):
        raise ValueError("not a classifier model")
    start = len(MAGIC) + 4
    end = start + int.from_bytes(data[len(MAGIC) : start], "little")
    try:
        header: dict[str, Any] = json.loads(zlib.decompress(data[start:end]))
        return _weights(header, zlib.decompress(data[end:]))
    except (zlib.error, KeyError, TypeError) as error:
        raise ValueError(f"damaged classifier model: {type(error).__name__}") from None


def _weights(header: Mapping[str, Any], body: bytes) -> Weights:
    pairs, skips, tokens = header["pairs"], header["skips"], len(header["tokens"])
    sizes = [4 * pairs, 4 * skips, *(2 * COLUMNS * rows for rows in (tokens, pairs, skips, 1))]
    if len(body) != sum(sizes):
        raise ValueError("damaged classifier model: its tables have another size than it says")
    at = np.cumsum([0, *sizes])
    parts = [body[begin:end] for begin, end in pairwise(at.tolist())]
    steps = [tuple((least, share) for least, share in rows) for rows in header.get("told", ((), (), ()))]
    keys = [np.cumsum(np.frombuffer(part, "<i4").astype(np.int64)) for part in parts[:2]]
    tables = [np.frombuffer(part, "<i2").reshape(-1, COLUMNS).astype(np.int16) for part in parts[2:]]
    return Weights(
        name=header["name"],
        tokens=tuple(header["tokens"]),
        words=tuple(header["words"]),
        single=tables[0],
        pair_keys=keys[0],
        pairs=tables[1],
        skip_keys=keys[1],
        skips=tables[2],
        bias=tables[3][0],
        policy=Policy(
            slopes=(header["slopes"][0], header["slopes"][1], header["slopes"][2]),
            shift=header["shift"],
            least=header["least"],
            alarm=header["alarm"],
            unclear=header["unclear"],
            told=(steps[0], steps[1], steps[2]),
        ),
    )


def shipped() -> bytes:
    """The file in the wheel, checked against its manifest. Raises ValueError where it is not the file that was built."""
    folder = files(__package__).joinpath("model")
    data = folder.joinpath("weights.bin").read_bytes()
    expected = json.loads(folder.joinpath("manifest.json").read_bytes())["sha256"]
    if hashlib.sha256(data).hexdigest() != expected:
        raise ValueError("the classifier does not match its manifest")
    return data
