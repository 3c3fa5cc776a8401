"""What the tagger took too much: ordinary words at the edge of a stretch, doses, scores, eponyms, bare years.

It may only give back what is nobody's name: a word that no list of names holds and everybody uses, written as such. What a
record names and what has a shape never comes here.
"""

import re
from collections.abc import Set
from dataclasses import dataclass
from typing import NamedTuple

from stream_processors.domain.deidentification.code_shapes import NO_INITIALS
from stream_processors.domain.deidentification.safe import DOSE, ENDS_IN_DOSE
from stream_processors.domain.deidentification.words import folded

_WORD = re.compile(r"[^\W\d_]+|\d+")
_SENTENCE_STARTS = re.compile(r"(?:^|[.!?:;\n]\s*)$")
_YEAR = re.compile(r"(?:the\s)?(?:19|20)\d\d", re.IGNORECASE)
_SCORE_BEHIND = re.compile(r"(?:['’]s)?\s(?:(?:scale|score|was|of|is)\s){0,2}[\d*]")
"""A digit, or what hides one of a score: safe.py."""
_ARTICLE_BEFORE = re.compile(r"\b(?:an?|the|his|her|their|new|old|this|that)\s$", re.IGNORECASE)
_PEOPLE_BEHIND = re.compile(r"['’]s\b|\s(?:family|famil|brother|sister|house|residence|\w+['’]s)", re.IGNORECASE)
_ABBREVIATIONS = frozenset(letters.replace(".", "").lower() for letters in NO_INITIALS)
_REACH = 12
_BEFORE = 4


@dataclass(frozen=True, slots=True)
class Ordinary:
    """Folded words that decide what comes back."""

    words: Set[str]
    """In everyday use and nobody's name."""
    small: Set[str]
    """In nearly every text, and seldom a name: back they come only in small letters where others have capitals."""
    eponyms: Set[str]
    """Names that scales, catheters and diseases bear: Braden, Foley, Hickman."""


class Stretch(NamedTuple):
    """A part of a text that the tagger marked as a name or as a code."""

    text: str
    start: int
    end: int
    is_name: bool
    mixed: bool
    """Whether the text has small letters and capitals, so that a capital says something."""


def trimmed(stretch: Stretch, ordinary: Ordinary) -> tuple[int, int] | None:
    """Start and end without what need not go, or None where nothing need."""
    words = [match.span() for match in _WORD.finditer(stretch.text, stretch.start, stretch.end)]
    first, last = 0, len(words) - 1
    while first <= last and _gives_back(stretch, *words[first], ordinary):
        first += 1
    if first > last:
        return None
    while last > first and _gives_back(stretch, *words[last], ordinary):
        last -= 1
    start = stretch.start if first == 0 else words[first][0]
    end = stretch.end if last == len(words) - 1 else words[last][1]
    return None if _stays(stretch.text, (start, end), stretch.is_name, ordinary) else (start, end)


def _gives_back(stretch: Stretch, start: int, end: int, ordinary: Ordinary) -> bool:
    """True for an ordinary word that is not written like a name."""
    text, word = stretch.text, stretch.text[start:end]
    if stretch.mixed and stretch.is_name and word in ordinary.small:
        return True
    if folded(word) not in ordinary.words:
        return False
    return not (stretch.mixed and word[0].isupper()) or bool(_SENTENCE_STARTS.search(text, max(0, start - _BEFORE), start))


def _stays(text: str, place: tuple[int, int], is_name: bool, ordinary: Ordinary) -> bool:
    start, end = place
    if DOSE.fullmatch(text, start, end) or ENDS_IN_DOSE.search(text, max(0, start - _REACH), end):
        return True
    if not is_name:
        return _YEAR.fullmatch(text, start, end) is not None
    marked = text[start:end]
    if "." in marked and _is_abbreviation(marked.replace(".", "").replace(" ", "")):
        return True
    return folded(marked) in ordinary.eponyms and _is_eponym(text, start, end)


def _is_abbreviation(letters: str) -> bool:
    """Two capitals are somebody's initials as often as an abbreviation."""
    return letters.lower() in _ABBREVIATIONS and (letters.islower() or len(letters) > 2)


def _is_eponym(text: str, start: int, end: int) -> bool:
    """A scale before its score, or a device behind an article; people come with neither."""
    if _SCORE_BEHIND.match(text, end):
        return True
    return _ARTICLE_BEFORE.search(text, max(0, start - _REACH), start) is not None and not _PEOPLE_BEHIND.match(text, end)
