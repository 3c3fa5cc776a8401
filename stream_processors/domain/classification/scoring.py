"""The probability of every code for a text: sums of integers, then one exponential each."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

import numpy as np

from stream_processors.domain.classification.heads import CATEGORY, HARM, TYPE, UNCLEAR
from stream_processors.domain.classification.reading import Ids, Reader, found_in, neighbours
from stream_processors.domain.classification.weights import SCALE, Policy, Table, Weights
from stream_processors.domain.classification.words import Spellings


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
        self.reader = Reader.of(weights.tokens, spellings)
        rows: Table = weights.single + weights.single[self.reader.class_rows]
        self.single = rows
        self._tokens = len(weights.tokens)
        self._bias = weights.bias.astype(np.int64)

    def sums(self, text: str) -> Sequence[int]:
        """The sum of the weights of each column; SCALE stands for 1."""
        ids = self.reader.read(text)
        total = self._bias + self.single[list(set(ids.tolist()))].sum(axis=0, dtype=np.int64)
        for keys, table, rows in self._neighbours(ids):
            place = found_in(keys, table)
            if len(place):
                total = total + rows[place].sum(axis=0, dtype=np.int64)
        found: list[int] = total.tolist()
        return found

    def _neighbours(self, ids: Ids) -> list[tuple[Ids, Ids, Table]]:
        inner, weights = self.reader.in_pairs[ids], self.weights
        return [
            (neighbours(inner, self._tokens, apart), table, rows)
            for apart, table, rows in ((1, weights.pair_keys, weights.pairs), (2, weights.skip_keys, weights.skips))
        ]

    def probabilities(self, text: str) -> Probabilities:
        """Calibrated by the model's policy."""
        return calibrated(self.sums(text), self.weights.policy)


def calibrated(sums: Sequence[int], policy: Policy) -> Probabilities:
    """Probabilities from the sums of all columns."""
    by_type, by_harm, by_category = (slope / SCALE for slope in policy.slopes)
    return Probabilities(
        report_type=_one_of([one * by_type for one in sums[TYPE]]),
        harm=_one_of([one * by_harm for one in sums[HARM]]),
        categories=[_yes(one * by_category + policy.shift) for one in sums[CATEGORY]],
        unclear=_yes(sums[UNCLEAR] * by_category),
    )


def _one_of(values: Sequence[float]) -> list[float]:
    highest = max(values)
    shares = [exp(value - highest) for value in values]
    total = sum(shares)
    return [share / total for share in shares]


def _yes(value: float) -> float:
    return 1 / (1 + exp(-value)) if value > -40 else 0.0
