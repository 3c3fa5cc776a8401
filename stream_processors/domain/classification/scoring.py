"""The probability of every code for a text: sums of integers, then one exponential each."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

import numpy as np

from stream_processors.domain.classification.heads import CATEGORY, HARM, TYPE, UNCLEAR
from stream_processors.domain.classification.reading import Reader, found_in, neighbours
from stream_processors.domain.classification.weights import SCALE, Policy, Weights
from stream_processors.domain.classification.words import Spellings, Spoken


@dataclass(frozen=True, slots=True)
class Probabilities:
    """Of every report type and harm with "not said" last, of every category, and that the text is too vague."""

    report_type: Sequence[float]
    harm: Sequence[float]
    categories: Sequence[float]
    unclear: float


class Scorer:
    """A model ready to read."""

    def __init__(self, weights: Weights, spellings: Spellings) -> None:
        self.weights = weights
        self.reader = Reader.of(weights.tokens, spellings, weights.words)
        self.single = (weights.single + weights.single[self.reader.class_rows]).astype(np.int32)
        """By token: its weights and those of its class."""
        self._tokens = len(weights.tokens)
        self._far = self._tokens * self._tokens
        self._keys = np.concatenate([weights.pair_keys, weights.skip_keys + self._far])
        self._table = np.concatenate([self.single, weights.pairs, weights.skips]).astype(np.int32)
        self._bias = weights.bias.astype(np.int32)

    def sums(self, text: str) -> list[int]:
        """The sum of the weights of each column; SCALE stands for 1."""
        return self.sums_of(self.reader.read(Spoken.of(text).words))

    def sums_of(self, ids: Sequence[int]) -> list[int]:
        """The same for a text that was read."""
        inner = self.reader.in_pairs[np.array(ids, np.int64)]
        keys = np.concatenate([neighbours(inner, self._tokens, 1), neighbours(inner, self._tokens, 2) + self._far])
        rows = np.concatenate([np.array(list(set(ids)), np.int64), self._tokens + found_in(keys, self._keys)])
        total = self._table.take(rows, axis=0).sum(axis=0, dtype=np.int32) + self._bias
        found: list[int] = total.tolist()
        return found

    def probabilities(self, ids: Sequence[int]) -> Probabilities:
        """Of a text that was read, calibrated by the model's policy."""
        return calibrated(self.sums_of(ids), self.weights.policy)


def calibrated(sums: Sequence[int], policy: Policy) -> Probabilities:
    """Probabilities from the sums of all columns."""
    by_type, by_harm, by_category = (slope / SCALE for slope in policy.slopes)
    unclear = _yes(sums[UNCLEAR] * by_category)
    return Probabilities(
        report_type=_one_of([one * by_type for one in sums[TYPE]]),
        harm=_one_of([one * by_harm for one in sums[HARM]]),
        categories=_of_something([_yes(one * by_category + policy.shift) for one in sums[CATEGORY]], 1 - unclear),
        unclear=unclear,
    )


def _of_something(chances: Sequence[float], clear: float) -> list[float]:
    """A clear report is about something: what little speaks for any category is then shared out among them."""
    nothing = 1.0
    for chance in chances:
        nothing *= 1 - chance
    raised = clear / (1 - nothing) if clear > 1 - nothing > 0 else 1.0
    return [min(chance * raised, 1.0) for chance in chances]


def _one_of(values: Sequence[float]) -> list[float]:
    highest = max(values)
    shares = [exp(value - highest) for value in values]
    total = sum(shares)
    return [share / total for share in shares]


def _yes(value: float) -> float:
    return 1 / (1 + exp(-value)) if value > -40 else 0.0
