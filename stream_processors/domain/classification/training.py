"""Fits the weights to labelled texts: regularised logistic regression of all columns at once, without randomness."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from stream_processors.domain.classification.heads import (
    CATEGORY,
    COLUMNS,
    HARM,
    MISSING,
    TYPE,
    UNCLEAR,
    UNSAID,
)
from stream_processors.domain.classification.reading import Reader, found_in, neighbours
from stream_processors.domain.classification.weights import SCALE, UNKNOWN, Policy, Table, Weights
from stream_processors.domain.classification.words import Spoken

Floats = npt.NDArray[np.float64]
STEPS = 120
PENALTY = 4.0
OPEN = Policy((1.0, 1.0, 1.0), 0.0, {}, 1.0, 1.0)
"""Sums as they are, before calibration."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text with its labels: rows of heads.py, UNSAID or MISSING; categories None where they are missing."""

    text: str
    report_type: int
    harm: int
    categories: frozenset[int] | None
    unclear: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """The tokens and pairs that get weights."""

    reader: Reader
    pair_keys: npt.NDArray[np.int64]
    skip_keys: npt.NDArray[np.int64]

    def matrix(self, texts: Sequence[str]) -> csr_matrix:
        """Texts x (tokens, pairs, pairs with one between): what `Scorer.sums` adds up."""
        tokens = len(self.reader.in_pairs)
        columns: list[npt.NDArray[np.int64]] = []
        for text in texts:
            ids = np.array(self.reader.read(Spoken.of(text).words), np.int64)
            distinct = np.unique(ids)
            inner = self.reader.in_pairs[ids]
            pairs = tokens + found_in(neighbours(inner, tokens, 1), self.pair_keys)
            skips = tokens + len(self.pair_keys) + found_in(neighbours(inner, tokens, 2), self.skip_keys)
            row = np.concatenate([distinct, self.reader.class_rows[distinct], pairs, skips])
            columns.append(row[row != UNKNOWN])
        ends = np.cumsum([0, *map(len, columns)])
        every = np.concatenate(columns) if columns else np.zeros(0, np.int64)
        shape = (len(texts), tokens + len(self.pair_keys) + len(self.skip_keys))
        found = csr_matrix((np.ones(len(every)), every, ends), shape=shape)
        found.sum_duplicates()
        return found


def fitted(rows: csr_matrix, labels: Sequence[Labelled], penalty: float = PENALTY) -> Floats:
    """Weights x COLUMNS with the bias as the last row."""
    targets, shown = _targets(labels)
    wide = rows.shape[1]

    def loss(flat: Floats) -> tuple[float, Floats]:
        table = flat.reshape(wide + 1, COLUMNS)
        sums = rows @ table[:-1] + table[-1]
        chances = _chances(sums)
        error = (chances - targets) * shown
        cost = _cost(chances, targets, shown) + penalty / 2 * float((table[:-1] ** 2).sum())
        slope = np.vstack([rows.T @ error + penalty * table[:-1], error.sum(axis=0)])
        return cost, slope.ravel()

    start = np.zeros((wide + 1) * COLUMNS)
    best: Floats = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": STEPS}).x
    return best.reshape(wide + 1, COLUMNS)


def _chances(sums: Floats) -> Floats:
    found = np.empty_like(sums)
    for part in (TYPE, HARM):
        shares = np.exp(sums[:, part] - sums[:, part].max(axis=1, keepdims=True))
        found[:, part] = shares / shares.sum(axis=1, keepdims=True)
    found[:, CATEGORY.start :] = 1 / (1 + np.exp(-np.clip(sums[:, CATEGORY.start :], -40, 40)))
    return found


def _cost(chances: Floats, targets: Floats, shown: Floats) -> float:
    safe = np.clip(chances, 1e-12, 1 - 1e-12)
    cost = -targets * np.log(safe)
    yes_no = slice(CATEGORY.start, None)
    cost[:, yes_no] -= (1 - targets[:, yes_no]) * np.log(1 - safe[:, yes_no])
    return float((cost * shown).sum())


def _targets(labels: Sequence[Labelled]) -> tuple[Floats, Floats]:
    targets, shown = np.zeros((len(labels), COLUMNS)), np.ones((len(labels), COLUMNS))
    for row, label in enumerate(labels):
        for part, value in ((TYPE, label.report_type), (HARM, label.harm)):
            if value == MISSING:
                shown[row, part] = 0
            else:
                targets[row, part.stop - 1 if value == UNSAID else part.start + value] = 1
        if label.categories is None:
            shown[row, CATEGORY] = 0
        else:
            targets[row, [CATEGORY.start + one for one in label.categories]] = 1
        targets[row, UNCLEAR] = label.unclear
    return targets, shown


def exported(name: str, vocabulary: Vocabulary, table: Floats, policy: Policy = OPEN) -> Weights:
    """The weights as small integers; pairs whose weights all round to next to nothing are left out."""
    tokens, pairs = len(vocabulary.reader.in_pairs), len(vocabulary.pair_keys)
    whole: Table = np.clip(np.rint(table * SCALE), -32768, 32767).astype(np.int16)
    near, far = whole[tokens : tokens + pairs], whole[tokens + pairs : -1]
    keep_near, keep_far = (np.abs(part).max(axis=1, initial=0) > SCALE // 16 for part in (near, far))
    names = sorted(vocabulary.reader.ids, key=vocabulary.reader.ids.__getitem__)
    return Weights(
        name=name,
        tokens=tuple(names),
        words=tuple(sorted(vocabulary.reader.known)),
        single=whole[:tokens],
        pair_keys=vocabulary.pair_keys[keep_near],
        pairs=near[keep_near],
        skip_keys=vocabulary.skip_keys[keep_far],
        skips=far[keep_far],
        bias=whole[-1],
        policy=policy,
    )
