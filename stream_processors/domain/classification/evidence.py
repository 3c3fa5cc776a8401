"""Which words spoke for what was said: offsets into the narratives, never the words themselves."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from schemas.records.flow import Evidence
from schemas.taxonomy import ClassifierOutput, Harm
from stream_processors.domain.classification.advising import Suggestion
from stream_processors.domain.classification.heads import CATEGORIES, CATEGORY, HARM, HARMS, REPORT_TYPES, TYPE
from stream_processors.domain.classification.scoring import Scorer
from stream_processors.domain.classification.weights import SCALE
from stream_processors.domain.classification.words import Spoken

WORDS = 3
"""For each output, so many words with the largest weights."""
LEAST = SCALE // 4
"""A word that adds less is no evidence."""


@dataclass(frozen=True, slots=True)
class Read:
    """All narratives, joined; the token of every word; where each narrative begins."""

    spoken: Spoken
    ids: Sequence[int]
    starts: Sequence[int]


def evidence(scorer: Scorer, read: Read, said: Suggestion, harm: Harm | None) -> tuple[Evidence, ...]:
    """The strongest single words for each code that is said, in the order of the outputs."""
    columns = _columns(said, harm)
    if not columns or not read.ids:
        return ()
    weights = scorer.single.take(np.array(read.ids, np.int64), axis=0).take([column for _, column in columns], axis=1)
    found: list[tuple[ClassifierOutput, int]] = []
    strongest = weights.argsort(axis=0, kind="stable")[-WORDS:].T.tolist()
    for row, ((output, _), places) in enumerate(zip(columns, strongest, strict=True)):
        found += [(output, place) for place in sorted(places) if weights[place, row] >= LEAST]
    return tuple(dict.fromkeys(_placed(read, found)))


def _columns(said: Suggestion, harm: Harm | None) -> list[tuple[ClassifierOutput, int]]:
    found = [(ClassifierOutput.CATEGORY, CATEGORY.start + CATEGORIES.index(category)) for category in said.categories]
    if said.report_type is not None:
        found.insert(0, (ClassifierOutput.REPORT_TYPE, TYPE.start + REPORT_TYPES.index(said.report_type)))
    if harm is not None:
        found.append((ClassifierOutput.HARM, HARM.start + HARMS.index(harm)))
    return found


def _placed(read: Read, found: Sequence[tuple[ClassifierOutput, int]]) -> Iterator[Evidence]:
    spans = read.spoken.places({place for _, place in found})
    for output, place in found:
        start, end = spans[place]
        narrative = bisect_right(read.starts, start) - 1
        yield Evidence(output, narrative, start - read.starts[narrative], end - read.starts[narrative])
