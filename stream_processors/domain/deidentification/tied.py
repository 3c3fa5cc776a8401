"""Clock times and days of the week: elements of a date only where a date stands beside them, else they stay.

45 CFR 164.514(b)(2)(i)(C) and 42 CFR 3.212(a)(2)(i)(C) speak of all elements of dates; "at 14:30" of no day is none.
"""

import re
from collections.abc import Iterable, Iterator

from stream_processors.domain.deidentification.layers import TIES
from stream_processors.domain.deidentification.spans import Span

REACH = 30
"""Characters between a date and what is tied to it; no sentence ends between them."""

_AROUND = REACH + 20
"""REACH, and room for the longest time or weekday."""

_I = re.IGNORECASE
_BARE = r"(?:[01]\d|2[0-3])[0-5]\d(?![\d:./-]|\s?(?:m[gl]|mcg|units?|cc|k?cal)\b)"
"""0240, as nurses write it: any other number has four digits too, so a word or a date has to stand directly beside it."""
CLOCK = re.compile(
    r"(?<![\d:])\d{1,2}:\d{2}(?::\d{2})?(?![\d:])(?:\s?[ap]\.?m\b\.?)?"
    r"|\b\d{1,2}\s?(?:a\.?m|p\.?m)\b\.?|\b\d{4}\s?(?:hrs|hours|h)\b"
    rf"|(?:(?<=\bat )|(?<=@)|(?<=@ )|(?<=around )|(?<=approx )|(?<=~)|(?<=[\d\]] )|(?<=[\d\]], )){_BARE}"
    rf"|\b{_BARE}(?=,? (?:on )?[\d\[]| on )",
    _I,
)
WEEKDAY = re.compile(
    r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b|\b(?:mon|tues?|wed|thurs?|fri|sat|sun)\b\.?(?=,? ?[\d\[])", _I
)
_SENTENCE_ENDS = re.compile(r"[.!?](?=\s+[A-Z\[])")
_DATE_LEFT = re.compile(r"\[DATE\]")


def tied_spans(text: str, dates: Iterable[Span]) -> Iterator[Span]:
    """The clock times and days of the week of a text that stand beside one of its dates."""
    ranges = [(span.start, span.end) for span in dates if span.kind == "DATE"]
    for kind, match in _tied(text, ranges):
        yield Span(match.start(), match.end(), kind, match[0].casefold(), TIES)


def holds_tied(result: str) -> bool:
    """The same question asked of the output, where dates are placeholders: anything left beside one is a mistake."""
    return any(True for _ in _tied(result, dates_left(result)))


def dates_left(result: str) -> list[tuple[int, int]]:
    """Where the placeholders of dates stand."""
    return [match.span() for match in _DATE_LEFT.finditer(result)]


def _tied(text: str, ranges: list[tuple[int, int]]) -> Iterator[tuple[str, re.Match[str]]]:
    """Looks only around the dates: most of a text is far from one."""
    for start, end in ranges:
        for kind, pattern in (("TIME", CLOCK), ("DATE", WEEKDAY)):
            for match in pattern.finditer(text, max(0, start - _AROUND), end + _AROUND):
                if _is_beside(text, match.span(), (start, end)):
                    yield kind, match


def _is_beside(text: str, moment: tuple[int, int], date: tuple[int, int]) -> bool:
    """True where no more than REACH characters and no end of a sentence stand between the two."""
    first, last = (date[1], moment[0]) if date[1] <= moment[0] else (moment[1], date[0])
    return last - first <= REACH and not (first < last and _SENTENCE_ENDS.search(text, first, last + 1))
