"""Takes identifiers out of the words of a narrative, checks what is left by another path, and lets nothing doubtful go.

It removes what the event's own fields name and what has the shape of an identifier. It cannot know a person, a place or a
facility that stands in words only, without a title, a credential or a shape: such a name stays. It reads English. So it is
no full de-identification under 45 CFR 164.514 by itself, and narratives leave only where the arrangement says so.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from schemas.grades import Grade
from schemas.records import ClassifiedEvent
from schemas.records.disclosed import ReleasedNarrative
from schemas.taxonomy import NarrativeRelease
from stream_processors.domain.deidentification.known import Known, Subject
from stream_processors.domain.deidentification.patterns import PLACEHOLDER, SHAPES
from stream_processors.domain.deidentification.verification import holds_identifier
from stream_processors.domain.deidentification.words import Word, folded, normalised, words
from stream_processors.domain.rejection import Reason, Rejected

LONGEST = 50_000
"""Characters of one narrative, before and after normalisation; what is longer is looked at by people."""

_RELEASED_IN: Mapping[Grade, frozenset[NarrativeRelease]] = {
    Grade.P1: frozenset({NarrativeRelease.ANONYMIZED, NarrativeRelease.NONIDENTIFIED}),
    Grade.P2: frozenset({NarrativeRelease.NONIDENTIFIED}),
}
_DIGITS = re.compile(r"\d(?:[\s().,/:-]{0,3}\d)*")
_GAP = re.compile(r"[\W_]{0,3}")
_TOGETHER = re.compile(r"[\s,.]{0,2}")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A part of a text that goes, and what is written in its place."""

    start: int
    end: int
    kind: str = field(compare=False)
    label: str = field(compare=False)
    """Equal labels of one event get the same number."""


def released_narratives(record: ClassifiedEvent, known: Known, grade: Grade) -> tuple[ReleasedNarrative, ...]:
    """The redacted narratives of an event, or none where its arrangement does not let them into this grade.

    Raises Rejected (quarantined) where a narrative is too long or its result could not be vouched for.
    """
    if record.acceptance.narrative_release not in _RELEASED_IN[grade]:
        return ()
    numbers: dict[str, int] = {}
    return tuple(
        ReleasedNarrative(
            kind=narrative.kind, text=_redacted(narrative.text, f"event.narratives[{index}].text", known, grade, numbers)
        )
        for index, narrative in enumerate(record.event.narratives)
    )


def _redacted(text: str, path: str, known: Known, grade: Grade, numbers: dict[str, int]) -> str:
    if len(text) > LONGEST:
        raise Rejected(Reason.QUARANTINED, path)
    plain = PLACEHOLDER.sub(lambda match: f"({match[0][1:-1]})", normalised(text))  # a placeholder is ours, or it is none
    if len(plain) > LONGEST:
        raise Rejected(Reason.QUARANTINED, path)
    result = _replaced(plain, merged(plain, [*known_spans(plain, known), *shaped_spans(plain, grade)]), numbers)
    if holds_identifier(result, known, grade):
        raise Rejected(Reason.QUARANTINED, path)
    return result


def known_spans(text: str, known: Known) -> Iterator[Span]:
    """Where the text says what the event's fields say."""
    found = list(words(text))
    for place, word in enumerate(found):
        for sequence in known.by_first_word.get(word.text, ()):
            if _stands_at(text, found, place, sequence):
                last = found[place + len(sequence) - 1]
                yield _known_span(word.start, last.end, known.sequences[sequence])
                break
    for match in _DIGITS.finditer(text):
        yield from _number_spans(match, known)


def _stands_at(text: str, found: list[Word], place: int, sequence: tuple[str, ...]) -> bool:
    part = found[place : place + len(sequence)]
    if tuple(word.text for word in part) != sequence:
        return False
    return all(_GAP.fullmatch(text, a.end, b.start) for a, b in pairwise(part))


def _number_spans(match: re.Match[str], known: Known) -> Iterator[Span]:
    digits = "".join(character for character in match[0] if character.isdigit())
    for number, subject in known.numbers.items():
        if number in digits:
            yield _known_span(match.start(), match.end(), subject)


def _known_span(start: int, end: int, subject: Subject) -> Span:
    return Span(start, end, subject.kind, f"{subject.kind} {subject.number}")


def shaped_spans(text: str, grade: Grade) -> Iterator[Span]:
    """Where the text has the shape of an identifier."""
    for shape in SHAPES[grade]:
        for match in shape.pattern.finditer(text):
            yield Span(match.start(shape.group), match.end(shape.group), shape.kind, folded(match[shape.group]))


def merged(text: str, spans: list[Span]) -> list[Span]:
    """The spans in order, those that overlap or that name the same in a row as one."""
    result: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start, -s.end)):
        before = result[-1] if result else None
        if before and (span.start < before.end or _continues(text, before, span)):
            result[-1] = Span(before.start, max(before.end, span.end), before.kind, before.label)
        else:
            result.append(span)
    return result


def _continues(text: str, before: Span, span: Span) -> bool:
    same = before.kind == span.kind and before.label == span.label
    return same and _TOGETHER.fullmatch(text, before.end, span.start) is not None


def _replaced(text: str, spans: list[Span], numbers: dict[str, int]) -> str:
    parts: list[str] = []
    done = 0
    for span in spans:
        parts += [text[done : span.start], _placeholder(span, numbers)]
        done = span.end
    return "".join([*parts, text[done:]])


def _placeholder(span: Span, numbers: dict[str, int]) -> str:
    if span.kind != "NAME":
        return f"[{span.kind}]"
    return f"[NAME-{numbers.setdefault(span.label, len(numbers) + 1)}]"
