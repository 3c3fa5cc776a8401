"""A canary through both disclosures, as the steps do it, without Kafka."""

from collections.abc import Callable, Iterable, Iterator

from schemas.grades import Grade
from schemas.records import AnonymizedEvent, NonidentifiedEvent
from schemas.taxonomy import NarrativeRelease
from stream_processors.domain.canaries.canary import Canary, canary
from stream_processors.domain.canaries.judgement import End, Withheld
from stream_processors.domain.deidentification.anonymized import anonymize
from stream_processors.domain.deidentification.engine import NarrativeEngine
from stream_processors.domain.deidentification.nonidentified import nonidentify
from stream_processors.domain.rejection import Rejected
from tests.support.builders import classified

SEED = b"a seed that nobody needs to keep"
DISCLOSURES: dict[Grade, Callable[..., AnonymizedEvent | NonidentifiedEvent]] = {Grade.P1: anonymize, Grade.P2: nonidentify}


def canaries(count: int, first: int = 0) -> list[Canary]:
    """So many, one number after the other."""
    return [canary(first + place, SEED, "prv-canary") for place in range(count)]


def ends_of(some: Iterable[Canary], engine: NarrativeEngine) -> Iterator[End]:
    """What this engine lets out of them, in both grades."""
    for event, labels in some:
        record = classified(event, narrative_release=NarrativeRelease.NONIDENTIFIED, test=True)
        for grade, disclose in DISCLOSURES.items():
            try:
                (narrative,) = disclose(record, "e", "c", engine=engine).narratives
                yield End(grade, labels, narrative.text)
            except Rejected:
                yield End(grade, labels, Withheld.QUARANTINED)
