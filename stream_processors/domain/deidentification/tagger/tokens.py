"""Cuts a text into runs of letters, runs of digits, single signs and line ends."""

import re

_TOKEN = re.compile(r"[^\W\d_]+|\d+|\n|[^\s]")
_INNER = frozenset({"mc", "mac", "o", "d", "de", "la", "le", "di", "du", "van", "von", "fitz", "st", "lo", "el", "al"})
"""Before a capital inside a word these belong to the surname: McDonald, DeLuca."""

Token = tuple[int, int]
"""Start and end, offsets into the text."""


def tokens(text: str) -> list[Token]:
    """All tokens in order. A word is cut before a capital that follows a small letter ("bySmith"): a space is missing there."""
    found: list[Token] = []
    line_end = False
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        if text[start] == "\n":
            if not line_end:
                found.append((start, end))
            line_end = True
            continue
        line_end = False
        if end - start > 2 and not text[start + 1 : end].islower():
            found += _cut(text, start, end)
        else:
            found.append((start, end))
    return found


def _cut(text: str, start: int, end: int) -> list[Token]:
    pieces: list[Token] = []
    begin = start
    for place in range(start + 1, end):
        if text[place].isupper() and text[place - 1].islower() and text[begin:place].lower() not in _INNER:
            pieces.append((begin, place))
            begin = place
    return [*pieces, (begin, end)]
