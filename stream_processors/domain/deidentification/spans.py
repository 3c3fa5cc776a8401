"""The parts of a text that go: where it says what the event's fields say, and where it has the shape of an identifier."""

import re
from collections.abc import Iterator, Sequence

import msgspec

from schemas.grades import Grade
from stream_processors.domain.deidentification.candidates import matches
from stream_processors.domain.deidentification.known import Known
from stream_processors.domain.deidentification.layers import RECORD, SHAPES
from stream_processors.domain.deidentification.spellings import FEWEST_DIGITS, Subject
from stream_processors.domain.deidentification.words import digits_of, folded, word_at, words_among

_DIGITS = re.compile(r"\d(?:[\s().,/:-]{0,3}\d)*")
_GAP = re.compile(r"[\W_]{0,3}")
_TOGETHER = re.compile(r"[\s,.]{0,2}")


class Span(msgspec.Struct, frozen=True, gc=False):
    """A part of a text that goes, and what is written in its place."""

    start: int
    end: int
    kind: str
    label: str
    """Equal labels of one event get the same number."""
    layers: int = 0
    """Bits of the layers that found it or a part of it."""


def known_spans(text: str, known: Known) -> Iterator[Span]:
    """Where the text says what the event's fields say."""
    for word in words_among(text, known.starts):
        for sequence, subject in known.longer.get(word.text, ()):
            end = _end_of(text, word.end, sequence)
            if end is not None:
                yield _known_span(word.start, end, subject)
                break
        else:
            if word.text in known.single:
                yield _known_span(word.start, word.end, known.single[word.text])
    if known.numbers:
        yield from _number_spans(text, known)


def _end_of(text: str, end: int, sequence: tuple[str, ...]) -> int | None:
    """Where the sequence ends whose first word ends here, or None where the text goes on otherwise."""
    for part in sequence[1:]:
        gap = _GAP.match(text, end)
        word = word_at(text, gap.end() if gap else end)
        if word is None or word.text != part:
            return None
        end = word.end
    return end


def _number_spans(text: str, known: Known) -> Iterator[Span]:
    every_digit = digits_of(text)
    numbers = [(number, subject) for number, subject in known.numbers.items() if number in every_digit]
    if not numbers:
        return
    for match in _DIGITS.finditer(text):
        if match.end() - match.start() < FEWEST_DIGITS:
            continue
        digits = "".join(filter(str.isdigit, match[0]))
        for number, subject in numbers:
            if number in digits:
                yield _known_span(match.start(), match.end(), subject)


def _known_span(start: int, end: int, subject: Subject) -> Span:
    return Span(start, end, subject.kind, f"{subject.kind} {subject.number}", RECORD)


def shaped_spans(text: str, grade: Grade) -> list[Span]:
    """Where the text has the shape of an identifier."""
    found: list[Span] = []
    for shape, match in matches(text, grade):
        start, end = match.span(shape.group)
        found.append(Span(start, end, shape.kind, folded(text[start:end]), SHAPES))
    return found


def merged(text: str, spans: list[Span]) -> list[Span]:
    """The spans in order, those that overlap or that name the same in a row as one."""
    result: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start, -s.end)):
        before = result[-1] if result else None
        if before and (span.start < before.end or _continues(text, before, span)):
            end = max(before.end, span.end)
            result[-1] = Span(before.start, end, before.kind, before.label, before.layers | span.layers)
        else:
            result.append(_balanced(text, span))
    return result


def merged_with(text: str, spans: Sequence[Span], more: Sequence[Span]) -> Sequence[Span]:
    """Merged spans and more. Alone they stay, but for one that grew by another and now stands before its closing bracket."""
    if not more and not any(_balanced(text, span) is not span for span in spans if text.startswith(")", span.end)):
        return spans
    return merged(text, [*spans, *more])


def _balanced(text: str, span: Span) -> Span:
    """With the closing bracket of one that it opens: (307-555-0157) goes whole."""
    opens = text.count("(", span.start, span.end) - text.count(")", span.start, span.end)
    if opens == 1 and text[span.end : span.end + 1] == ")":
        return Span(span.start, span.end + 1, span.kind, span.label, span.layers)
    return span


def _continues(text: str, before: Span, span: Span) -> bool:
    same = before.kind == span.kind and before.label == span.label
    return same and _TOGETHER.fullmatch(text, before.end, span.start) is not None
