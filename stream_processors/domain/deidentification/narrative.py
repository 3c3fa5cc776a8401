"""Takes identifiers out of the words of a narrative, checks what is left by another path, and lets nothing doubtful go.

It removes what the event's own fields name and what has the shape of an identifier. It cannot know a person, a place or a
facility that stands in words only, without a title, a credential or a shape: such a name stays. It reads English. So it is
no full de-identification under 45 CFR 164.514 by itself, and narratives leave only where the arrangement says so.
"""

from collections.abc import Mapping

from schemas.grades import Grade
from schemas.records import ClassifiedEvent
from schemas.records.disclosed import ReleasedNarrative
from schemas.taxonomy import NarrativeRelease
from stream_processors.domain.deidentification.known import Known
from stream_processors.domain.deidentification.patterns import PLACEHOLDER
from stream_processors.domain.deidentification.spans import Span, known_spans, merged, shaped_spans
from stream_processors.domain.deidentification.verification import holds_identifier
from stream_processors.domain.deidentification.words import normalised
from stream_processors.domain.rejection import Reason, Rejected

LONGEST = 50_000
"""Characters of one narrative, before and after normalisation; what is longer is looked at by people."""

_RELEASED_IN: Mapping[Grade, frozenset[NarrativeRelease]] = {
    Grade.P1: frozenset({NarrativeRelease.ANONYMIZED, NarrativeRelease.NONIDENTIFIED}),
    Grade.P2: frozenset({NarrativeRelease.NONIDENTIFIED}),
}


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
    plain = normalised(text)
    if "[" in plain:  # a placeholder is ours, or it is none
        plain = PLACEHOLDER.sub(lambda match: f"({match[0][1:-1]})", plain)
    if len(plain) > LONGEST:
        raise Rejected(Reason.QUARANTINED, path)
    result = _replaced(plain, merged(plain, [*known_spans(plain, known), *shaped_spans(plain, grade)]), numbers)
    if holds_identifier(result, known, grade):
        raise Rejected(Reason.QUARANTINED, path)
    return result


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
