"""Where a shape can begin in a text, found by its words and its runs of digits: there the pattern is tried, nowhere else."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from schemas.grades import Grade
from stream_processors.domain.deidentification.patterns import SHAPES
from stream_processors.domain.deidentification.plain import letter_words, plain, sketched
from stream_processors.domain.deidentification.shape import MOST, Shape, Start, marked, most_digits

_RUN = re.compile(r"\d+")
_CAPITAL = re.compile(r"\b[^\W\d_a-z]")
_NOT_LETTERS = re.compile(r"[^a-z]")
_LONGEST_PREFIX = 7
"""Letters before the digits of a code, and a hyphen."""


def _leads(shapes: Iterable[Shape]) -> Mapping[str, tuple[tuple[int, str], ...]]:
    """By the first word of a lead: the place of the shape in its grade, and the lead."""
    found: dict[str, list[tuple[int, str]]] = {}
    for place, shape in enumerate(shapes):
        for lead in shape.leads:
            found.setdefault(_NOT_LETTERS.split(lead)[0], []).append((place, lead))
    return MappingProxyType({word: tuple(pairs) for word, pairs in found.items()})


def _unled(shapes: Sequence[Shape], digits: int) -> tuple[tuple[int, Shape], ...]:
    """The shapes without a lead that a text with so many digits in a row may hold, each with its place."""
    return tuple(
        (place, shape) for place, shape in enumerate(shapes) if shape.start is not Start.LEAD and shape.digits <= digits
    )


_LEADS = {grade: _leads(shapes) for grade, shapes in SHAPES.items()}
_UNLED = {grade: [_unled(shapes, digits) for digits in range(MOST + 1)] for grade, shapes in SHAPES.items()}


@dataclass(slots=True)
class _Clues:
    """What is looked at in a text, each part once."""

    text: str
    lower: str
    sketch: str
    words: set[str]
    runs: list[tuple[int, int, str]] | None = None
    """Where each run of digits starts, how many there are, and which character of the sketch comes next."""

    def digit_runs(self, shape: Shape) -> list[int]:
        """Where the runs start with which a match of the shape may begin."""
        if self.runs is None:
            spans = [match.span() for match in _RUN.finditer(self.text)]
            self.runs = [(start, end - start, self.sketch[end : end + 1]) for start, end in spans]
        openings = shape.openings
        return [start for start, length, then in self.runs if _opens(openings, length, then)]


def _opens(openings: Iterable[tuple[int, int, str]], length: int, then: str) -> bool:
    return any(least <= length <= most and (not after or then in after) for least, most, after in openings)


def matches(text: str, grade: Grade) -> list[tuple[Shape, re.Match[str]]]:
    """Every match of every shape of the grade, as `finditer` of each pattern over the whole text would find them."""
    lower = plain(text).lower()
    sketch = sketched(lower)
    clues = _Clues(text, lower, sketch, letter_words(lower))
    starts: dict[int, Iterable[int] | None] = dict(_led_starts(clues, grade))
    for place, shape in _UNLED[grade][most_digits(sketch)]:
        if marked(shape, text, sketch) and not (shape.words and shape.words.isdisjoint(clues.words)):
            starts[place] = _starts(shape, clues)
    found: list[tuple[Shape, re.Match[str]]] = []
    for place in sorted(starts):
        shape, there = SHAPES[grade][place], starts[place]
        if there is None:
            found += [(shape, match) for match in shape.pattern.finditer(text)]
        else:
            _add_matches(found, shape, text, there)
    return found


def _add_matches(found: list[tuple[Shape, re.Match[str]]], shape: Shape, text: str, starts: Iterable[int]) -> None:
    """Adds the matches that begin at one of the starts, in order, none inside another."""
    end = 0
    match_at = shape.pattern.match
    for start in starts:
        if start >= end and (match := match_at(text, start)):
            found.append((shape, match))
            end = match.end()


def _led_starts(clues: _Clues, grade: Grade) -> dict[int, list[int]]:
    """Where the leads stand, by the place of their shape in the grade."""
    starts: dict[int, list[int]] = {}
    leads = _LEADS[grade]
    for word in leads.keys() & clues.words:
        for place, lead in leads[word]:
            wanted = SHAPES[grade][place].words
            if not wanted or not wanted.isdisjoint(clues.words):
                _add_places(starts.setdefault(place, []), clues.lower, lead)
    for found in starts.values():
        found.sort()
    return starts


def _add_places(found: list[int], text: str, part: str) -> None:
    at = text.find(part)
    while at >= 0:
        found.append(at)
        at = text.find(part, at + 1)


def _starts(shape: Shape, clues: _Clues) -> Iterable[int] | None:
    """Where a match may begin, in order; None where that may be anywhere."""
    if shape.start in (Start.ANYWHERE, Start.NEAR):
        return None
    if shape.start is Start.CAPITAL:
        return (match.start() for match in _CAPITAL.finditer(clues.text))
    runs = clues.digit_runs(shape)
    if shape.start is Start.DIALLED:
        return sorted({*runs, *(run - 1 for run in runs if run and clues.text[run - 1] in "+(")})
    if shape.start is Start.CODE:
        return _code_starts(runs, clues.text)
    return runs


def _code_starts(runs: Iterable[int], text: str) -> Iterator[int]:
    """The places at which the letters before a run of digits may begin."""
    for run in runs:
        if run and (text[run - 1].isalpha() or text[run - 1] == "-"):
            yield from range(max(0, run - _LONGEST_PREFIX), run)
