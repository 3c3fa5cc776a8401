"""What stands right beside an identifier and is a part of it: the rest of a hyphenated word, of a code, of a name.

A layer that takes half of a name away says that there was one and leaves the other half.
"""

import re
from collections.abc import Sequence, Set

from stream_processors.domain.deidentification.spans import Span, merged
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

_IN_CODE = frozenset("-/_")
_IN_WORD = frozenset("-'’")
_CODES = frozenset({"ID", "SSN", "PHONE"})
_WORDS = frozenset({"NAME", "PLACE", "FACILITY"})


def whole(text: str, spans: Sequence[Span], doubtful: Sequence[int] | None = None) -> Sequence[Span]:
    """The spans in order, each with the rest of its word or code, a facility with the number of its wing.

    `doubtful`: the places of those that may grow, where that is known.
    """
    changed = False
    found = list(spans)
    for place in range(len(spans)) if doubtful is None else doubtful:
        found[place] = _whole(text, spans[place])
        changed = changed or found[place] is not spans[place]
    return merged(text, found) if changed else spans


def _whole(text: str, span: Span) -> Span:
    start, end = span.start, span.end
    behind, before = text[end : end + 1], text[start - 1 : start]
    if span.kind in _CODES:
        if behind in _IN_CODE or behind.isalnum():
            end = _after(text, end, _REST_OF_CODE)
    elif span.kind in _WORDS:
        if behind in _IN_WORD:
            end = _after(text, end, _REST_OF_WORD)
        elif behind == " " and span.kind == "FACILITY":
            end = _after(text, end, _NUMBER_OF_WING)
        if before in _IN_WORD:
            start = _before(text, start, _START_OF_WORD)
        elif span.kind == "NAME" and before == " " and (text[start - 2] == "." or text[start - 2].isupper()):
            start = _before(text, start, _NAME_AND_INITIAL)
    return span if (start, end) == (span.start, span.end) else Span(start, end, span.kind, span.label, span.layers)


def _after(text: str, end: int, pattern: re.Pattern[str]) -> int:
    match = pattern.match(text, end)
    return match.end() if match else end


def _before(text: str, start: int, pattern: re.Pattern[str]) -> int:
    first = max(0, start - _LONGEST)
    match = pattern.search(text[first:start])
    return first + match.start() if match else start


def widened_name(text: str, start: int, end: int, staying: Set[str]) -> tuple[int, int]:
    """A name with the capitalised word behind it, and with the surname that stands before a first name and a comma."""
    if (match := _NEXT.match(text, end)) and folded(match[1]) not in staying:
        end = match.end(1)
    if text[start - 2 : start] == ", ":
        start = _from_capital(text, start, _LAST_BEFORE_FIRST, staying)
    return start, end


def widened_place(text: str, start: int, end: int, staying: Set[str]) -> tuple[int, int]:
    """A place with the capitalised word before it, inside a sentence."""
    return _from_capital(text, start, _BEFORE_PLACE, staying), end


def _from_capital(text: str, start: int, pattern: re.Pattern[str], staying: Set[str]) -> int:
    first = max(0, start - _LONGEST)
    match = pattern.search(text[first:start])
    return start if match is None or folded(match[1]) in staying else first + match.start(1)
