"""Which characters of a narrative stand in what was released of it, known from the two texts alone.

A released text is the narrative with placeholders where something went. Between two placeholders stands a piece of the
narrative as it was; the pieces come in order, and between two of them at least one character is missing. Where a piece fits
in several places, all of them count as still there: whoever checks may call a removed identifier leaked, but never a leaked
one removed. Nothing here uses what the engine says it did.
"""

import re
from collections.abc import Iterator, Sequence

_PLACEHOLDER = re.compile(r"\[[A-Z]+(?:-\d+)?\]")


def still_there(narrative: str, released: str) -> bytearray | None:
    """For each character of the narrative 1 where it may stand in the released text, else 0. The narrative holds no bracket.

    None where the released text cannot have been made from the narrative by putting placeholders into it.
    """
    pieces = _PLACEHOLDER.split(released)
    if len(pieces) == 1:
        return bytearray(b"\1" * len(narrative)) if released == narrative else None
    earliest = _earliest(narrative, pieces)
    latest = _latest(narrative, pieces)
    if earliest is None or latest is None:
        return None
    found = bytearray(len(narrative))
    for piece, first, last in zip(pieces, earliest, latest, strict=True):
        for at in _places(narrative, piece, first, last):
            found[at : at + len(piece)] = b"\1" * len(piece)
    return found


def _earliest(narrative: str, pieces: Sequence[str]) -> list[int] | None:
    """The first place of each piece when all before it lie as far to the left as they can; the last must end the text."""
    if not narrative.startswith(pieces[0]):
        return None
    starts, end = [0], len(pieces[0])
    for piece in pieces[1:-1]:
        at = narrative.find(piece, end + 1)
        if at < 0:
            return None
        starts.append(at)
        end = at + len(piece)
    last = len(narrative) - len(pieces[-1])
    return [*starts, last] if last > end and narrative.endswith(pieces[-1]) else None


def _latest(narrative: str, pieces: Sequence[str]) -> list[int] | None:
    """The mirror image: the same question, asked of both texts read backwards."""
    found = _earliest(narrative[::-1], [piece[::-1] for piece in reversed(pieces)])
    if found is None:
        return None
    return [len(narrative) - at - len(piece) for at, piece in zip(reversed(found), pieces, strict=True)]


def _places(narrative: str, piece: str, first: int, last: int) -> Iterator[int]:
    at = narrative.find(piece, first) if piece else -1
    while 0 <= at <= last:
        yield at
        at = narrative.find(piece, at + 1)
