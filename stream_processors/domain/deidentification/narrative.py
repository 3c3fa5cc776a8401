"""Takes identifiers out of the words of a narrative, checks what is left by another path, and lets nothing doubtful go.

It removes what the event's own fields name, what has the shape of an identifier and what the tagger takes for a name. Each
layer misses some, so it is measured (docs/deidentification-benchmark.md) and no proof under 45 CFR 164.514 by itself: it reads
English, and narratives leave only where the arrangement says so.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from schemas.grades import Grade
from schemas.records import ClassifiedEvent
from schemas.records.disclosed import ReleasedNarrative
from schemas.taxonomy import NarrativeDates, NarrativeRelease
from stream_processors.domain.deidentification.engine import LONGEST, PATTERNS_ONLY, NarrativeEngine, Redaction, Verdict
from stream_processors.domain.deidentification.known import Known
from stream_processors.domain.deidentification.rare import says
from stream_processors.domain.deidentification.relative_dates import whole_day
from stream_processors.domain.deidentification.rewording import InventedNames, Reword, with_days
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


@dataclass(frozen=True, slots=True)
class Manner:
    """How one event's narratives are told: tags for all that went, unless this says otherwise."""

    unsaid: Collection[str] = ()
    """Rare characteristics that the record does not tell: a narrative that says one of these words stays behind."""
    names_seed: str | None = None
    """P1: invented names stand for names, drawn by it."""


TAGGED = Manner()


def released_narratives(
    record: ClassifiedEvent, known: Known, grade: Grade, engine: NarrativeEngine = PATTERNS_ONLY, manner: Manner = TAGGED
) -> Released:
    """The redacted narratives of an event, or none where its arrangement does not let them into this grade.

    Raises Rejected (quarantined) where a narrative is too long or its result could not be vouched for.
    """
    if record.acceptance.narrative_release not in RELEASED_IN[grade]:
        return Released((), ())
    numbers: dict[str, int] = {}
    redact = partial(engine.redact, known=known, grade=grade, numbers=numbers)
    reword = _rewording(record, known, grade, engine, manner)
    told = [
        (one.kind, _redacted(one.text, f"event.narratives[{index}].text", redact, reword))
        for index, one in enumerate(record.event.narratives)
        if not says(one.text, manner.unsaid)
    ]
    return Released(
        tuple([ReleasedNarrative(kind, redaction.text) for kind, redaction in told]),
        [span for _, redaction in told for span in redaction.spans],
    )


def _rewording(record: ClassifiedEvent, known: Known, grade: Grade, engine: NarrativeEngine, manner: Manner) -> Reword | None:
    if grade is Grade.P2 and record.acceptance.narrative_dates is NarrativeDates.RELATIVE:
        return partial(with_days, event=whole_day(record.event.event_date), known=known, layers=engine.layers)
    if grade is Grade.P1 and manner.names_seed is not None:
        texts = [one.text for one in record.event.narratives]
        return InventedNames(manner.names_seed, known, engine.layers, texts).instead_of_tags
    return None


def _redacted(text: str, path: str, redact: Callable[[str], Redaction], reword: Reword | None) -> Redaction:
    if len(text) > LONGEST:
        raise Rejected(Reason.QUARANTINED, path)
    plain = normalised(text)
    redaction = redact(plain)
    if redaction.verdict is Verdict.RELEASE and reword is not None:
        redaction = _reworded(plain, redaction, reword)
    if redaction.verdict is not Verdict.RELEASE:
        raise Rejected(Reason.QUARANTINED, path)
    return redaction


def _reworded(plain: str, redaction: Redaction, reword: Reword) -> Redaction:
    try:
        return reword(plain, redaction)
    except Exception:  # fail closed, as the engine does: its words may quote the text
        return Redaction("", (), Verdict.QUARANTINE)
