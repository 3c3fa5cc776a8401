"""Decodes in plain Python: the reference that the compiled kernel must equal bit for bit."""

import math
from collections.abc import Mapping

from stream_processors.domain.deidentification.tagger.classes import EDGE
from stream_processors.domain.deidentification.tagger.features import OFFSETS, REACH, Rows, rows_of
from stream_processors.domain.deidentification.tagger.labels import BEGINS, KINDS, LABELS, Label
from stream_processors.domain.deidentification.tagger.model import Model, integers
from stream_processors.domain.deidentification.tagger.pairs import PAIRS, TRIPLES, pair_key, triple_key
from stream_processors.domain.deidentification.tagger.shapes import Case, case_of
from stream_processors.domain.deidentification.tagger.tokens import Token, tokens

Found = tuple[int, int, str]
"""Start, end, type."""
_EACH = range(LABELS)
_KEPT = 20_000
"""Distinct tokens whose sums are kept; the memory of one process stays bounded."""


class PlainTagger:
    """Marks identifiers; needs nothing but the standard library."""

    kernel = "python"

    def __init__(self, model: Model, lexicon: Mapping[str, int]) -> None:
        self._model, self._lexicon = model, lexicon
        self._wide, self._narrow, self._pairs = (integers(table) for table in (model.wide, model.narrow, model.pairs))
        keys = integers(model.pair_keys, "I")
        self._pair_rows = {key: row * LABELS for row, key in enumerate(keys)}
        self._sums: dict[tuple[str, Case], tuple[int, list[list[int]]]] = {}

    def tag(self, text: str) -> list[Found]:
        """The marked stretches in order, offsets into this text."""
        cuts = tokens(text)
        if not cuts:
            return []
        marks = self._marks(self._scores(text, cuts))
        return _spans(text, cuts, marks)

    def _sum(self, surface: str, case: Case) -> tuple[int, list[list[int]]]:
        known = self._sums.get((surface, case))
        if known is None:
            rows = rows_of(surface, case, self._lexicon, self._model.vocabulary)
            known = rows.kind, self._blocks(rows)
            if len(self._sums) >= _KEPT:
                self._sums.clear()
            self._sums[surface, case] = known
        return known

    def _blocks(self, rows: Rows) -> list[list[int]]:
        width = OFFSETS * LABELS
        total = [0] * width
        for row in rows.wide:
            total = [a + b for a, b in zip(total, self._wide[row * width : (row + 1) * width], strict=True)]
        blocks = [total[place * LABELS : (place + 1) * LABELS] for place in range(OFFSETS)]
        for row in rows.narrow:
            own = self._narrow[row * LABELS : (row + 1) * LABELS]
            blocks[REACH] = [a + b for a, b in zip(blocks[REACH], own, strict=True)]
        return blocks

    def _scores(self, text: str, cuts: list[Token]) -> list[list[int]]:
        case = case_of(text)
        summed = [self._sum(text[start:end], case) for start, end in cuts]
        size = len(cuts)
        kinds = [EDGE, EDGE, *(kind for kind, _ in summed), EDGE, EDGE]
        glued = [0, *(cuts[place][0] == cuts[place - 1][1] for place in range(1, size)), 0]
        scores = []
        for place in range(size):
            low = max(0, place - REACH)
            high = min(size, place + REACH + 1)
            parts = [summed[other][1][REACH + other - place] for other in range(low, high)]
            parts += self._paired(kinds, glued, place)
            scores.append([sum(column) for column in zip(*parts, strict=True)])
        return scores

    def _paired(self, kinds: list[int], glued: list[int], place: int) -> list[list[int]]:
        at = place + 2
        keys = [
            pair_key(pair, kinds[at + left], kinds[at + right], glued[place] if gap < 0 else glued[place + 1] if gap else 0)
            for pair, (left, right, gap) in enumerate(PAIRS)
        ]
        keys += [triple_key(n, kinds[at + a], kinds[at + b], kinds[at + c]) for n, (a, b, c) in enumerate(TRIPLES)]
        rows = [self._pair_rows[key] for key in keys if key in self._pair_rows]
        return [list(self._pairs[row : row + LABELS]) for row in rows]

    def _marks(self, scores: list[list[int]]) -> list[int]:
        """The label of each token, by the probabilities of the whole text (forward and backward)."""
        weights = [[math.exp((score - max(row)) / self._model.scale) for score in row] for row in scores]
        forward = self._forward(weights)
        steps = self._model.steps
        marks = [0] * len(weights)
        behind = [1.0] * LABELS
        for place in range(len(weights) - 1, -1, -1):
            marks[place] = self._decided([forward[place][label] * behind[label] for label in _EACH])
            ahead = [weights[place][label] * behind[label] for label in _EACH]
            new = [_dot(steps[label * LABELS : (label + 1) * LABELS], ahead) for label in _EACH]
            total = _total(new)
            behind = [value / total for value in new]
        return marks

    def _forward(self, weights: list[list[float]]) -> list[list[float]]:
        columns = [self._model.steps[label::LABELS] for label in _EACH]
        forward: list[list[float]] = []
        before = [1.0] * LABELS
        for place, own in enumerate(weights):
            new = [(_dot(columns[label], before) if place else 1.0) * own[label] for label in _EACH]
            total = _total(new)
            before = [value / total for value in new]
            forward.append(before)
        return forward

    def _decided(self, masses: list[float]) -> int:
        best = max(range(1, LABELS), key=masses.__getitem__)
        chance = 1.0 - masses[Label.NONE] / _total(masses)
        return best if chance >= self._model.thresholds[best] else 0


def _dot(one: tuple[float, ...], other: list[float]) -> float:
    total = 0.0
    for a, b in zip(one, other, strict=True):
        total += a * b
    return total


def _total(values: list[float]) -> float:
    total = 0.0
    for value in values:  # not sum(): from Python 3.12 on it compensates, and the kernel does not
        total += value
    return total


def _spans(text: str, cuts: list[Token], marks: list[int]) -> list[Found]:
    found: list[Found] = []
    before = 0
    for (start, end), mark in zip(cuts, marks, strict=True):
        if mark:
            kind = KINDS[mark]
            if found and before and found[-1][2] == kind and not BEGINS[mark]:
                found[-1] = (found[-1][0], end, kind)
            else:
                found.append((start, end, kind))
        before = mark
    return [span for span in found if any(map(str.isalnum, text[span[0] : span[1]]))]
