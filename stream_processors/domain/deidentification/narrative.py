"""Takes identifiers out of the words of a narrative, checks what is left by another path, and lets nothing doubtful go.

It removes what the event's own fields name, what has the shape of an identifier and what the tagger takes for a name. Each
layer misses some, so it is measured (docs/deidentification-benchmark.md) and no proof under 45 CFR 164.514 by itself: it reads
English, and narratives leave only where the arrangement says so.
"""

from collections.abc import Callable, Mapping
from functools import partial

from schemas.grades import Grade
from schemas.records import ClassifiedEvent
from schemas.records.disclosed import ReleasedNarrative
from schemas.taxonomy import NarrativeRelease
from stream_processors.domain.deidentification.engine import LONGEST, PATTERNS_ONLY, NarrativeEngine, Redaction, Verdict
from stream_processors.domain.deidentification.known import Known
from stream_processors.domain.deidentification.words import normalised
from stream_processors.domain.rejection import Reason, Rejected

_RELEASED_IN: Mapping[Grade, frozenset[NarrativeRelease]] = {
    Grade.P1: frozenset({NarrativeRelease.ANONYMIZED, NarrativeRelease.NONIDENTIFIED}),
    Grade.P2: frozenset({NarrativeRelease.NONIDENTIFIED}),
}


def released_narratives(
    record: ClassifiedEvent, known: Known, grade: Grade, engine: NarrativeEngine = PATTERNS_ONLY
) -> tuple[ReleasedNarrative, ...]:
    """The redacted narratives of an event, or none where its arrangement does not let them into this grade.

    Raises Rejected (quarantined) where a narrative is too long or its result could not be vouched for.
    """
    if record.acceptance.narrative_release not in _RELEASED_IN[grade]:
        return ()
    numbers: dict[str, int] = {}
    return tuple(
        ReleasedNarrative(
            kind=narrative.kind,
            text=_redacted(
                narrative.text,
                f"event.narratives[{index}].text",
                partial(engine.redact, known=known, grade=grade, numbers=numbers),
            ),
        )
        for index, narrative in enumerate(record.event.narratives)
    )


def _redacted(text: str, path: str, redact: Callable[[str], Redaction]) -> str:
    if len(text) > LONGEST:
        raise Rejected(Reason.QUARANTINED, path)
    redaction = redact(normalised(text))
    if redaction.verdict is not Verdict.RELEASE:
        raise Rejected(Reason.QUARANTINED, path)
    return redaction.text
