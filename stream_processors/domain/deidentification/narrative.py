"""Takes identifiers out of the words of a narrative, checks what is left by another path, and lets nothing doubtful go.

It removes what the event's own fields name, what has the shape of an identifier and what the tagger takes for a name. Each
layer misses some, so it is measured (docs/deidentification-benchmark.md) and no proof under 45 CFR 164.514 by itself: it reads
English, and narratives leave only where the arrangement says so.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from schemas.grades import Grade
from schemas.records import ClassifiedEvent
from schemas.records.disclosed import ReleasedNarrative
from schemas.taxonomy import NarrativeRelease
from stream_processors.domain.deidentification.engine import LONGEST, PATTERNS_ONLY, NarrativeEngine, Redaction, Verdict
from stream_processors.domain.deidentification.known import Known
from stream_processors.domain.deidentification.spans import Span
from stream_processors.domain.deidentification.words import normalised
from stream_processors.domain.rejection import Reason, Rejected

RELEASED_IN: Mapping[Grade, frozenset[NarrativeRelease]] = {
    Grade.P1: frozenset({NarrativeRelease.ANONYMIZED, NarrativeRelease.NONIDENTIFIED}),
    Grade.P2: frozenset({NarrativeRelease.NONIDENTIFIED}),
}
"""The arrangements that let narratives into a grade: 42 CFR 3.206(e)."""


class Released(NamedTuple):
    """The narratives of one event that leave, and the parts that were removed from them."""

    narratives: tuple[ReleasedNarrative, ...]
    spans: Sequence[Span]


def released_narratives(
    record: ClassifiedEvent, known: Known, grade: Grade, engine: NarrativeEngine = PATTERNS_ONLY
) -> Released:
    """The redacted narratives of an event, or none where its arrangement does not let them into this grade.

    Raises Rejected (quarantined) where a narrative is too long or its result could not be vouched for.
    """
    if record.acceptance.narrative_release not in RELEASED_IN[grade]:
        return Released((), ())
    numbers: dict[str, int] = {}
    redact = partial(engine.redact, known=known, grade=grade, numbers=numbers)
    narratives = record.event.narratives
    done = [_redacted(one.text, f"event.narratives[{index}].text", redact) for index, one in enumerate(narratives)]
    return Released(
        tuple([ReleasedNarrative(one.kind, redaction.text) for one, redaction in zip(narratives, done, strict=True)]),
        [span for redaction in done for span in redaction.spans],
    )


def _redacted(text: str, path: str, redact: Callable[[str], Redaction]) -> Redaction:
    if len(text) > LONGEST:
        raise Rejected(Reason.QUARANTINED, path)
    redaction = redact(normalised(text))
    if redaction.verdict is not Verdict.RELEASE:
        raise Rejected(Reason.QUARANTINED, path)
    return redaction
