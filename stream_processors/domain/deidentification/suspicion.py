"""Whether a text still holds something shaped like an identifier: a second look, which shares no place with the search.

It asks of each lead whether behind it stands what has to stand there, and of each number what it is made of. A shape that
this lets be possible is looked for by its pattern over the whole text, wherever it begins.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from schemas.grades import Grade
from stream_processors.domain.deidentification.patterns import SHAPES
from stream_processors.domain.deidentification.plain import letter_words, plain, sketched
from stream_processors.domain.deidentification.shape import Follows, Shape, marked, most_digits

CUT = "\x00" * 8
"""Stands for a placeholder: no pattern reaches over it (it is no space, and longer than any gap) and no word contains it."""

_DIGIT = re.compile(r"\d")
_REACH = 60
"""Characters from a lead to the end of the first digit that may belong to it."""


@dataclass(frozen=True, slots=True)
class _Suspects:
    """The shapes of a grade, by what speaks for them."""

    led: tuple[tuple[Shape, Mapping[str, Sequence[str]]], ...]
    """Each with its leads by their first words."""
    lead_words: frozenset[str]
    others: tuple[Shape, ...]
    """Those without a lead that need no digit, but some character that is no letter and no space."""
    spoken: tuple[Shape, ...]
    """Those that may be in a text of letters and spaces."""
    numeric: tuple[tuple[int, Shape], ...]
    """Each with the digits in a row that it needs, those that need fewest first."""


def _by_first_word(leads: Iterable[str]) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for lead in leads:
        found.setdefault(re.split("[^a-z]", lead)[0], []).append(lead)
    return MappingProxyType(found)


def _suspects(shapes: tuple[Shape, ...]) -> _Suspects:
    led = [(shape, _by_first_word(shape.leads)) for shape in shapes if shape.leads]
    unled = [(shape.digits, shape) for shape in shapes if not shape.leads]
    return _Suspects(
        led=tuple(led),
        lead_words=frozenset[str]().union(*(leads for _, leads in led)),
        others=tuple(shape for digits, shape in unled if shape.marks and not digits),
        spoken=tuple(shape for _, shape in unled if not shape.marks),
        numeric=tuple(sorted((pair for pair in unled if pair[0]), key=lambda pair: pair[0])),
    )


_SUSPECTS = {grade: _suspects(shapes) for grade, shapes in SHAPES.items()}


def holds_shape(text: str, grade: Grade) -> bool:
    """True where something in the text matches a shape of the grade."""
    suspects = _SUSPECTS[grade]
    lower = plain(text).lower()
    sketch = sketched(lower)
    words = letter_words(lower)
    letters_only = sketch.replace(" ", "").isalpha()
    for shape in suspects.spoken if letters_only else suspects.spoken + suspects.others:
        if marked(shape, text, sketch) and shape.pattern.search(text):
            return True
    if "0" in sketch and _holds_number(text, sketch, words, suspects):
        return True
    return not words.isdisjoint(suspects.lead_words) and _holds_led(text, lower, words, suspects)


def _holds_number(text: str, sketch: str, words: set[str], suspects: _Suspects) -> bool:
    most = most_digits(sketch)
    for digits, shape in suspects.numeric:
        if digits > most:
            return False
        if shape.words and shape.words.isdisjoint(words):
            continue
        if marked(shape, text, sketch) and shape.pattern.search(text):
            return True
    return False


def _holds_led(text: str, lower: str, words: set[str], suspects: _Suspects) -> bool:
    for shape, leads in suspects.led:
        if leads.keys().isdisjoint(words) or (shape.words and shape.words.isdisjoint(words)):
            continue
        if _followed(shape, leads, text, lower, words) and shape.pattern.search(text):
            return True
    return False


def _followed(shape: Shape, leads: Mapping[str, Sequence[str]], text: str, lower: str, words: set[str]) -> bool:
    """True where behind a lead stands what has to stand there."""
    if shape.follows is Follows.ANYTHING:
        return True
    fits = _FITS[shape.follows]
    for word in leads.keys() & words:
        for lead in leads[word]:
            if any(map(fits, _tails(lead, text, lower))):
                return True
    return False


def _tails(lead: str, text: str, lower: str) -> Iterator[str]:
    """What stands behind each place of a lead, as far as a placeholder."""
    at = lower.find(lead)
    while at >= 0:
        end = at + len(lead)
        yield text[end : end + _REACH].partition(CUT)[0]
        at = lower.find(lead, end)


def _begins_word(tail: str) -> bool:
    return tail[:5].lstrip(".").lstrip()[:1].isalnum()


def _begins_capital(tail: str) -> bool:
    begin = tail[:5].lstrip(".").lstrip()[:1]
    return begin.isalnum() and not "a" <= begin <= "z"


def _has_digit(tail: str) -> bool:
    return _DIGIT.search(tail) is not None


_FITS: Mapping[Follows, Callable[[str], bool]] = MappingProxyType(
    {Follows.WORD: _begins_word, Follows.CAPITAL: _begins_capital, Follows.DIGIT: _has_digit}
)
