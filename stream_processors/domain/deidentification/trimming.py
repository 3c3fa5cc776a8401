"""What the tagger took too much: ordinary words at the edge of a stretch, doses, scores, eponyms, bare years.

It may only give back what is nobody's name: a word that no list of names holds and everybody uses, written as such. What a
record names and what has a shape never comes here.
"""

import re
from collections.abc import Set
from dataclasses import dataclass

from stream_processors.domain.deidentification.safe import DOSE, ENDS_IN_DOSE
from stream_processors.domain.deidentification.spans import Span
from stream_processors.domain.deidentification.words import folded

_WORD = re.compile(r"[^\W\d_]+|\d+")
_SENTENCE_STARTS = re.compile(r"(?:^|[.!?:;\n]\s*)$")
_YEAR = re.compile(r"(?:19|20)\d\d")
_SCORE_BEHIND = re.compile(r"(?:['’]s)?\s(?:(?:scale|score|was|of|is)\s){0,2}\d")
_ARTICLE_BEFORE = re.compile(r"\b(?:an?|the|his|her|their|new|old|this|that)\s$", re.IGNORECASE)
_PEOPLE_BEHIND = re.compile(r"['’]s\b|\s(?:family|famil|brother|sister|house|residence|\w+['’]s)", re.IGNORECASE)
_REACH = 12
_TRIMMED = frozenset({"NAME", "ID"})
"""Towns and facilities are made of ordinary words."""


@dataclass(frozen=True, slots=True)
class Ordinary:
    """Folded words that decide what comes back."""

    words: Set[str]
    """In everyday use and nobody's name."""
    small: Set[str]
    """In nearly every text, and seldom a name: back they come only in small letters where others have capitals."""
    eponyms: Set[str]
    """Names that scales, catheters and diseases bear: Braden, Foley, Hickman."""


def trimmed(text: str, spans: list[Span], ordinary: Ordinary) -> list[Span]:
    """The spans of the tagger without what they need not take."""
    mixed = not (text.isupper() or text.islower())
    found = (_trimmed(text, span, ordinary, mixed) for span in spans)
    return [span for span in found if span is not None and not _stays(text, span, ordinary)]


def _trimmed(text: str, span: Span, ordinary: Ordinary, mixed: bool) -> Span | None:
    if span.kind not in _TRIMMED:
        return span
    words = [(span.start + m.start(), span.start + m.end()) for m in _WORD.finditer(text[span.start : span.end])]
    plain = [_gives_back(text, (start, end), span.kind, ordinary, mixed) for start, end in words]
    if all(plain):
        return None
    first, last = plain.index(False), len(plain) - 1 - plain[::-1].index(False)
    if first == 0 and last == len(plain) - 1:
        return span
    start = span.start if first == 0 else words[first][0]
    end = span.end if last == len(plain) - 1 else words[last][1]
    return Span(start, end, span.kind, span.label)


def _gives_back(text: str, place: tuple[int, int], kind: str, ordinary: Ordinary, mixed: bool) -> bool:
    """True for an ordinary word that is not written like a name."""
    start, end = place
    word = text[start:end]
    if mixed and kind == "NAME" and word in ordinary.small:
        return True
    if folded(word) not in ordinary.words:
        return False
    return not (mixed and word[0].isupper()) or _SENTENCE_STARTS.search(text, max(0, start - 4), start) is not None


def _stays(text: str, span: Span, ordinary: Ordinary) -> bool:
    start, end = span.start, span.end
    if DOSE.fullmatch(text, start, end) or ENDS_IN_DOSE.search(text, max(0, start - _REACH), end):
        return True
    if span.kind == "ID":
        return _YEAR.fullmatch(text, start, end) is not None
    return folded(text[start:end]) in ordinary.eponyms and _is_eponym(text, start, end)


def _is_eponym(text: str, start: int, end: int) -> bool:
    """A scale before its score, or a device behind an article; people come with neither."""
    if _SCORE_BEHIND.match(text, end):
        return True
    return _ARTICLE_BEFORE.search(text, max(0, start - _REACH), start) is not None and not _PEOPLE_BEHIND.match(text, end)

