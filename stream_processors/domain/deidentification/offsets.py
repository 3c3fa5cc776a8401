"""A normalised text, and where each of its characters stood in the original: spans are told in the reader's own text."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stream_processors.domain.deidentification.words import normalised

_CLUSTER = re.compile(r".[\u0300-\u036f\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f\u3099\u309a]*", re.DOTALL)
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
    parts, starts, ends = [], [], []
    for piece, start, end in _pieces(text):
        parts.append(piece)
        starts += [start] * len(piece)
        ends += [end] * len(piece)
    whole = "".join(parts)
    return Normalised(whole, starts, ends) if whole == normalised(text) else None


def _pieces(text: str) -> Iterator[tuple[str, int, int]]:
    for match in _CLUSTER.finditer(text):
        yield unicodedata.normalize("NFKC", normalised(match[0])), match.start(), match.end()
