"""A normalised text, and where each of its characters stood in the original: spans are told in the reader's own text."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from stream_processors.domain.deidentification.words import INVISIBLE, normalised

_MARKS = "\u0300-\u036f\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f\u3099\u309a"
_MARK = f"[{_MARKS}]"
_MOVES = re.compile(f"[{_MARKS}{INVISIBLE}]")
_FOREIGN = re.compile(rf"(?:.(?={_MARK}))?[^\x00-\x7f]+", re.DOTALL)
"""Characters beyond ASCII, with the one before where a combining mark belongs to it."""
_CLUSTER = re.compile(rf".{_MARK}*", re.DOTALL)
"""A character with the combining marks behind it: NFKC composes within a cluster."""


@dataclass(frozen=True, slots=True)
class Normalised:
    """`text` as the engine reads it; `starts[i]` is where its character i began in the original, `ends[i]` where it ended."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The part of the original that a part of the normalised text came from. `start` < `end`."""
        return self.starts[start], self.ends[end - 1]


def normalised_with_offsets(text: str) -> Normalised | None:
    """The text as `normalised` gives it, with offsets; None where they cannot be told (clusters that compose across)."""
    if text.isascii():
        return Normalised(text, range(len(text)), range(1, len(text) + 1))
    if unicodedata.is_normalized("NFKC", text) and not _MOVES.search(text):  # then each character stands for itself
        return Normalised(normalised(text), range(len(text)), range(1, len(text) + 1))
    built = _Built()
    done = 0
    for region in _FOREIGN.finditer(text):
        built.keep(text, done, region.start())
        for cluster in _CLUSTER.finditer(text, region.start(), region.end()):
            built.change(_one(cluster[0]), cluster.start(), cluster.end())
        done = region.end()
    built.keep(text, done, len(text))
    whole = "".join(built.parts)
    return Normalised(whole, built.starts, built.ends) if whole == normalised(text) else None


def _one(cluster: str) -> str:
    return _sign(cluster) if len(cluster) == 1 else normalised(cluster)


_sign = lru_cache(4096)(normalised)
"""Of single characters only: no word of a text is kept."""


class _Built:
    """The normalised text so far."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []

    def keep(self, text: str, start: int, end: int) -> None:
        """ASCII stays as it is."""
        self.parts.append(text[start:end])
        self.starts.extend(range(start, end))
        self.ends.extend(range(start + 1, end + 1))

    def change(self, piece: str, start: int, end: int) -> None:
        """What stands for a cluster came from all of it."""
        self.parts.append(piece)
        self.starts += [start] * len(piece)
        self.ends += [end] * len(piece)
