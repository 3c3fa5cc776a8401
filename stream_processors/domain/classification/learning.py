"""Learns from an organisation's own labelled narratives, and judges honestly: one provider, or one part, is always left out.

The figures are those of texts that the weights never saw. The policy (slopes and thresholds, some thirty numbers) is chosen on
the same texts, so it looks a little better than it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from zlib import crc32

from schemas.taxonomy import Category, Harm, ReportType
from stream_processors.domain.classification.calibrating import policy_of
from stream_processors.domain.classification.collecting import collected
from stream_processors.domain.classification.heads import CATEGORIES, HARMS, MISSING, REPORT_TYPES
from stream_processors.domain.classification.scoring import Scorer
from stream_processors.domain.classification.training import Labelled, exported, fitted
from stream_processors.domain.classification.weights import Weights
from stream_processors.domain.classification.words import spellings

LEAST = (2, 3)
"""In so many reports a word and a pair must stand: a name that stands in one is not learned."""
PARTS = 5


@dataclass(frozen=True, slots=True)
class Learned:
    """A model, and the sums of every text by a model that had not seen its part."""

    weights: Weights
    unseen: Sequence[Sequence[int]]


def labelled(
    text: str, report_type: ReportType | None, categories: Sequence[Category] | None, harm: Harm | None, unclear: bool
) -> Labelled:
    """A text with its codes as rows."""
    return Labelled(
        text,
        MISSING if report_type is None else REPORT_TYPES.index(report_type),
        MISSING if harm is None else HARMS.index(harm),
        None if categories is None else frozenset(CATEGORIES.index(one) for one in categories),
        unclear,
    )


def learned(name: str, texts: Sequence[Labelled], providers: Sequence[str | None]) -> Learned:
    """A model of all texts. Left out in turn: each provider where there are several, else a fifth of the texts.

    Raises ValueError where there is too little to leave any out.
    """
    parts = _parts(texts, providers)
    if len(parts) < 2:
        raise ValueError("too few narratives to leave some out for judging")
    unseen: dict[int, Sequence[int]] = {}
    for rows in parts.values():
        left_out = set(rows)
        scorer = Scorer(_fitted(name, [text for row, text in enumerate(texts) if row not in left_out]), spellings())
        unseen |= {row: scorer.sums(texts[row].text) for row in rows}
    sums = [unseen[row] for row in range(len(texts))]
    return Learned(replace(_fitted(name, texts), policy=policy_of(sums, texts)), sums)


def _fitted(name: str, texts: Sequence[Labelled]) -> Weights:
    vocabulary = collected(([text.text] for text in texts), spellings(), LEAST)
    return exported(name, vocabulary, fitted(vocabulary.matrix([text.text for text in texts]), texts))


def _parts(texts: Sequence[Labelled], providers: Sequence[str | None]) -> Mapping[str, list[int]]:
    named = len({provider for provider in providers if provider}) > 1
    parts: dict[str, list[int]] = {}
    for row, (text, provider) in enumerate(zip(texts, providers, strict=True)):
        key = (provider or "") if named else str(crc32(text.text.encode()) % PARTS)
        parts.setdefault(key, []).append(row)
    return parts
