"""Trains the tagger: a linear-chain conditional random field over wide, narrow and pair rows, by L-BFGS."""

import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import scipy.optimize
from scipy import sparse

from deploy.models.corpus import Narrative
from stream_processors.domain.deidentification.tagger.classes import CLASSES, EDGE
from stream_processors.domain.deidentification.tagger.features import (
    NARROW_AFFIX,
    OFFSETS,
    REACH,
    WIDE_WORD,
    Rows,
    Vocabulary,
    rows_of,
)
from stream_processors.domain.deidentification.tagger.labels import LABELS, Label
from stream_processors.domain.deidentification.tagger.pairs import (
    FIRST_TRIPLE,
    PAIRS,
    STATES_OF_PAIR,
    STATES_OF_TRIPLE,
    TRIPLES,
)
from stream_processors.domain.deidentification.tagger.shapes import case_of
from stream_processors.domain.deidentification.tagger.tokens import tokens

Array: TypeAlias = Any
"""An array of numpy, or a sparse matrix of scipy: known in the build environment only."""
LEAST = 3, 12
"""How often a pair or triple must stand in the training texts to be weighed."""
OF = {"N": (Label.NAME, Label.NAME), "F": (Label.FACILITY, Label.FACILITY_ON), "L": (Label.PLACE, Label.PLACE_ON),
      "I": (Label.NUMBER, Label.NUMBER), "D": (Label.OTHER, Label.OTHER)}  # fmt: skip


def labels_of(narrative: Narrative, cuts: list[tuple[int, int]]) -> list[int]:
    """One label a token."""
    labels = [int(Label.NONE)] * len(cuts)
    spans = iter(narrative.spans)
    span = next(spans, None)
    begun = False
    for place, (start, end) in enumerate(cuts):
        while span and span[1] <= start:
            span, begun = next(spans, None), False
        if span and end > span[0]:
            labels[place] = int(OF[span[2]][begun])
            begun = True
    return labels


@dataclass
class Data:
    """Narratives as arrays: row i of every matrix is token i; narratives are cut by `starts`."""

    types: Array
    classes: Array
    glued: Array
    labels: Array
    starts: Array
    type_rows: list[Rows]


def encoded(narratives: Iterable[Narrative], lexicon: dict[str, int], vocabulary: Vocabulary) -> Data:
    """Tokenises and looks up; equal tokens share one type."""
    seen: dict[tuple[str, int], int] = {}
    type_rows: list[Rows] = []
    types: list[int] = []
    glued: list[bool] = []
    labels: list[int] = []
    starts = [0]
    for narrative in narratives:
        cuts = tokens(narrative.text)
        case = case_of(narrative.text)
        end_before = -1
        for start, end in cuts:
            surface = narrative.text[start:end]
            number = seen.setdefault((surface, int(case)), len(seen))
            if number == len(type_rows):
                type_rows.append(rows_of(surface, case, lexicon, vocabulary))
            types.append(number)
            glued.append(start == end_before)
            end_before = end
        labels += labels_of(narrative, cuts)
        starts.append(len(types))
    kinds = np.array([rows.kind for rows in type_rows], np.int32)
    kind_of_type = np.array(types, np.int32)
    return Data(kind_of_type, kinds[kind_of_type], np.array(glued), np.array(labels, np.int8), np.array(starts), type_rows)


def matrix(rows: list[tuple[int, ...]], width: int) -> sparse.csr_matrix:
    """Types x rows, one where the type adds up the row."""
    lengths = np.fromiter((len(row) for row in rows), np.int64, len(rows))
    indices = np.fromiter((index for row in rows for index in row), np.int32, int(lengths.sum()))
    return sparse.csr_matrix(
        (np.ones(len(indices), np.float32), indices, np.concatenate([[0], np.cumsum(lengths)])), (len(rows), width)
    )


def pair_keys(data: Data) -> Array:
    """The numbers of every token's pairs and triples."""
    total = len(data.types)
    document = np.repeat(np.arange(len(data.starts) - 1), np.diff(data.starts))
    keys = np.empty((total, len(PAIRS) + len(TRIPLES)), np.int64)
    at = np.arange(total)

    def neighbour(offset: int) -> Array:
        other = at + offset
        inside = (other >= 0) & (other < total)
        other = np.where(inside, other, 0)
        inside &= document[other] == document
        return np.where(inside, data.classes[other], EDGE)

    glued = data.glued.astype(np.int32)
    next_glued = np.append(glued[1:], 0)
    for place, (left, right, joint) in enumerate(PAIRS):
        extra = glued if joint == -1 else next_glued if joint == 1 else 0
        keys[:, place] = place * STATES_OF_PAIR + (neighbour(left) * CLASSES + neighbour(right)) * 2 + extra
    for place, offsets in enumerate(TRIPLES):
        left_class, middle, right_class = (neighbour(offset).astype(np.int64) for offset in offsets)
        key = (left_class * CLASSES + middle) * CLASSES + right_class
        keys[:, len(PAIRS) + place] = FIRST_TRIPLE + place * STATES_OF_TRIPLE + key
    return keys


class Trainer:
    """Negative log-likelihood and its gradient over all narratives at once, in blocks of equal length."""

    def __init__(self, data: Data, widths: tuple[int, int], penalty: float, least: tuple[int, int]) -> None:
        wide, narrow = widths
        self.data, self.penalty = data, penalty
        self.wide = matrix([rows.wide for rows in data.type_rows], wide)
        self.narrow = matrix([rows.narrow for rows in data.type_rows], narrow)
        total = len(data.types)
        self.by_type = sparse.csr_matrix(
            (np.ones(total, np.float32), data.types, np.arange(total + 1)), (total, len(data.type_rows))
        )
        self.by_type_back = self.by_type.T.tocsr()
        self.wide_back, self.narrow_back = self.wide.T.tocsr(), self.narrow.T.tocsr()
        keys = pair_keys(data)
        used, places, times = np.unique(keys, return_inverse=True, return_counts=True)
        kept = times >= np.where(used < FIRST_TRIPLE, *least)
        self.used_pairs = used[kept]
        column = np.cumsum(kept) - 1
        places = places.reshape(keys.shape)
        token, _ = rows = np.nonzero(kept[places])
        columns = column[places[rows]]
        self.pair_matrix = sparse.csr_matrix((np.ones(len(token), np.float32), (token, columns)), (total, int(kept.sum())))
        self.pair_back = self.pair_matrix.T.tocsr()
        self.sizes = (wide * OFFSETS * LABELS, narrow * LABELS, len(self.used_pairs) * LABELS, LABELS * LABELS)
        self.order = np.argsort(-np.diff(data.starts), kind="stable")
        self.document = np.repeat(np.arange(len(data.starts) - 1), np.diff(data.starts))
        self.truth = np.zeros((total, LABELS), np.float32)
        self.truth[np.arange(total), data.labels] = 1
        same = self.document[1:] == self.document[:-1]
        self.true_steps = np.zeros((LABELS, LABELS))
        np.add.at(self.true_steps, (data.labels[:-1][same], data.labels[1:][same]), 1)
        self.masks = [self._mask(offset) for offset in range(-REACH, REACH + 1)]

    def _mask(self, offset: int) -> Array:
        total = len(self.document)
        low, high = max(0, -offset), min(total, total - offset)
        keep = np.zeros(total, bool)
        keep[low:high] = self.document[low:high] == self.document[low + offset : high + offset]
        return keep

    def split(self, weights: Array) -> list[Array]:
        """The parts of the one weight vector, as tables."""
        cuts = np.cumsum(self.sizes)[:-1]
        wide, narrow, pair, step = np.split(weights, cuts)
        return [
            wide.reshape(-1, OFFSETS * LABELS),
            narrow.reshape(-1, LABELS),
            pair.reshape(-1, LABELS),
            step.reshape(LABELS, LABELS),
        ]

    def emissions(self, weights: Array) -> Array:
        """Score of each label at each token."""
        wide, narrow, pair, _ = (part.astype(np.float32) for part in self.split(weights))
        blocks = self.wide @ wide
        scores = self.by_type @ (self.narrow @ narrow) + self.pair_matrix @ pair
        total = len(self.document)
        for place, mask in enumerate(self.masks):
            offset = place - REACH
            low, high = max(0, -offset), min(total, total - offset)
            block = blocks[:, place * LABELS : (place + 1) * LABELS]
            scores[low:high] += block[self.data.types[low + offset : high + offset]] * mask[low:high, None]
        return scores

    def __call__(self, weights: Array) -> tuple[float, Array]:
        """Loss and gradient."""
        step = self.split(weights)[3]
        scores = self.emissions(weights)
        log_total, marginals, steps = forward_backward(scores, step, self.data.starts, self.order)
        gold = float((scores * self.truth).sum()) + float((step * self.true_steps).sum())
        loss = log_total - gold + 0.5 * self.penalty * float(weights @ weights)
        off = marginals - self.truth
        by_offset = np.empty((self.wide.shape[0], OFFSETS * LABELS), np.float32)
        total = len(off)
        for place, mask in enumerate(self.masks):
            offset = place - REACH
            low, high = max(0, -offset), min(total, total - offset)
            moved = np.zeros_like(off)
            moved[low + offset : high + offset] = off[low:high] * mask[low:high, None]
            by_offset[:, place * LABELS : (place + 1) * LABELS] = self.by_type_back @ moved
        parts = (
            self.wide_back @ by_offset,
            self.narrow_back @ (self.by_type_back @ off),
            self.pair_back @ off,
            steps - self.true_steps,
        )
        gradient = np.concatenate([part.ravel().astype(np.float64) for part in parts]) + self.penalty * weights
        return loss, gradient

    def trained(self, rounds: int) -> Array:
        """The weights after so many rounds of L-BFGS."""
        state = {"round": 0}

        def told(_: Array) -> None:
            state["round"] += 1

        found = scipy.optimize.minimize(
            self,
            np.zeros(sum(self.sizes)),
            jac=True,
            method="L-BFGS-B",
            callback=told,
            options={"maxiter": rounds, "maxcor": 7, "maxfun": rounds * 2},
        )
        print(f"{state['round']} rounds, loss a token {found.fun / len(self.document):.5f}", file=sys.stderr)
        return np.asarray(found.x)


def forward_backward(scores: Array, step: Array, starts: Array, order: Array) -> tuple[float, Array, Array]:
    """Log of the partition sum, label marginals, expected label steps; narratives in blocks of similar length."""
    marginals = np.empty_like(scores)
    steps = np.zeros((LABELS, LABELS))
    log_total = 0.0
    moves = np.exp(step)
    lengths = np.diff(starts)
    for begin in range(0, len(order), 512):
        block = order[begin : begin + 512]
        block = block[lengths[block] > 0]
        if not len(block):
            continue
        size = int(lengths[block[0]])
        inside = np.arange(size)[None, :] < lengths[block][:, None]
        at = np.where(inside, starts[block][:, None] + np.arange(size)[None, :], 0)
        local = scores[at].astype(np.float64)
        top = local.max(2)
        local = np.exp(local - top[:, :, None])
        local[~inside] = 1.0
        alpha = np.empty_like(local)
        scale = np.ones((len(block), size))
        for place in range(size):
            new = local[:, place] if place == 0 else (alpha[:, place - 1] @ moves) * local[:, place]
            live = inside[:, place]
            norm = np.where(live, new.sum(1), 1.0)
            scale[:, place] = norm
            alpha[:, place] = np.where(live[:, None], new / norm[:, None], alpha[:, place - 1] if place else 0)
        log_total += float((np.log(scale) + top)[inside].sum())
        beta = np.ones((len(block), LABELS))
        out = np.empty_like(local)
        for place in range(size - 1, -1, -1):
            live = inside[:, place]
            out[:, place] = alpha[:, place] * beta
            if place:
                ahead = local[:, place] * beta / scale[:, place][:, None]
                both = alpha[:, place - 1][live].T @ ahead[live]
                steps += both * moves
                beta = np.where(live[:, None], ahead @ moves.T, 1.0)
        marginals[at[inside]] = out[inside].astype(np.float32)
    return log_total, marginals, steps


def vocabulary_of(own_words: Counter[str], name_words: Iterable[str], closed: dict[str, int], least: int) -> Vocabulary:
    """Words that stand in at least so many frames, and the endings and beginnings frequent among names and words."""
    words = sorted(word for word, times in own_words.items() if times >= least and len(word) > 1)
    affixes: Counter[str] = Counter()
    for word in name_words:
        if len(word) > 2:
            affixes.update(("-" + word[-3:], "-" + word[-2:], word[:3] + "-"))
    kept = sorted(affix for affix, times in affixes.most_common(2500) if times >= 20 and affix.isascii())
    every = sorted({*words, *closed})
    return Vocabulary({word: row for row, word in enumerate(every)}, closed, {affix: row for row, affix in enumerate(kept)})


def widths(vocabulary: Vocabulary) -> tuple[int, int]:
    """Rows of the wide and of the narrow table."""
    return WIDE_WORD + len(vocabulary.words), NARROW_AFFIX + len(vocabulary.affixes)
