"""What stands right beside an identifier and is a part of it: the rest of a hyphenated word, of a code, of a name.

A layer that takes half of a name away says that there was one and leaves the other half.
"""

import re
from collections.abc import Callable, Mapping, Sequence, Set

from stream_processors.domain.deidentification.spans import Span
from stream_processors.domain.deidentification.words import folded

_LONGEST = 40
"""Characters on the left that may belong to a name."""
_REST_OF_WORD = re.compile(r"(?:[-'’](?!s\b)[^\W\d_]{1,20})+")
_START_OF_WORD = re.compile(r"(?<!\w)[^\W\d_]{1,20}[-'’]$")
_REST_OF_CODE = re.compile(r"(?:[-/](?=\w{0,20}\d)\w{1,20}|\w{1,20})+")
_NUMBER_OF_WING = re.compile(r"\s\d{1,2}\b(?!\s?(?:[%:/.]\s?\d|mg|ml|mcg|units?))")
_NAME_AND_INITIAL = re.compile(r"(?<![\w'’-])[^\W\d_a-z][\w'’-]{1,30}\s[^\W\d_a-z]\.?\s$")
_NEXT = re.compile(r"\s([^\W\d_a-z][a-z'’-]{1,30})(?![\w'’-])")
_LAST_BEFORE_FIRST = re.compile(r"[^\s.!?:;(]\s([^\W\d_a-z][a-z'’-]{1,30}),\s$")
_BEFORE_PLACE = re.compile(r"[^\s.!?:;(]\s([^\W\d_a-z][a-z'’-]{1,30})\s$")

_CODES = frozenset({"ID", "SSN", "PHONE"})
_WORDS = frozenset({"NAME", "PLACE", "FACILITY"})


def whole(text: str, spans: Sequence[Span]) -> list[Span]:
    """The spans, each with the rest of its word or code, a facility with the number of its wing."""
    return [_whole(text, span) for span in spans]


def _whole(text: str, span: Span) -> Span:
    start, end = span.start, span.end
    if span.kind in _CODES:
        end = _after(text, end, _REST_OF_CODE)
    elif span.kind in _WORDS:
        end = _after(text, end, _REST_OF_WORD)
        if span.kind == "FACILITY":
            end = _after(text, end, _NUMBER_OF_WING)
        if start and text[start - 1] in "-'’":
            start = _before(text, start, _START_OF_WORD)
        if span.kind == "NAME" and start and text[start - 1] == " ":
            start = _before(text, start, _NAME_AND_INITIAL)
    return span if (start, end) == (span.start, span.end) else Span(start, end, span.kind, span.label)


def _after(text: str, end: int, pattern: re.Pattern[str]) -> int:
    match = pattern.match(text, end)
    return match.end() if match else end


def _before(text: str, start: int, pattern: re.Pattern[str]) -> int:
    first = max(0, start - _LONGEST)
    match = pattern.search(text[first:start])
    return first + match.start() if match else start


def widened(text: str, spans: Sequence[Span], staying: Set[str]) -> list[Span]:
    """Names and places with the capitalised words beside them, where these are none of the words that stay.

    `staying`: folded words that are no part of a name even with a capital: roles, units, eponyms, days. In a text in which
    most words begin with a capital a capital says nothing: nothing is widened there.
    """
    if _says_nothing(text):
        return list(spans)
    return [_WIDENS[span.kind](text, span, staying) if span.kind in _WIDENS else span for span in spans]


def _says_nothing(text: str) -> bool:
    words = text.split()
    return 2 * sum(word[0].isupper() for word in words) > len(words)


def _widened_name(text: str, span: Span, staying: Set[str]) -> Span:
    start, end = span.start, span.end
    if (match := _NEXT.match(text, end)) and folded(match[1]) not in staying:
        end = match.end(1)
    first = max(0, start - _LONGEST)
    if (match := _LAST_BEFORE_FIRST.search(text[first:start])) and folded(match[1]) not in staying:
        start = first + match.start(1)
    return Span(start, end, span.kind, span.label)


def _widened_place(text: str, span: Span, staying: Set[str]) -> Span:
    first = max(0, span.start - _LONGEST)
    match = _BEFORE_PLACE.search(text[first : span.start])
    if match is None or folded(match[1]) in staying:
        return span
    return Span(first + match.start(1), span.end, span.kind, span.label)


_WIDENS: Mapping[str, Callable[[str, Span, Set[str]], Span]] = {"NAME": _widened_name, "PLACE": _widened_place}
