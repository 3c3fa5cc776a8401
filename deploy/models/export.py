"""Turns trained weights into the shipped model: thresholds from unseen sentences, small integers, no empty rows."""

import numpy as np

from deploy.models.train import Array, Data, Trainer, forward_backward
from stream_processors.domain.deidentification.tagger.features import Vocabulary
from stream_processors.domain.deidentification.tagger.labels import LABELS, Label
from stream_processors.domain.deidentification.tagger.model import Model

SCALE = 64
RECALL_FLOOR = (0.0, 0.9875, 0.975, 0.975, 0.985, 0.985, 0.975, 0.96)
"""By label, the share of tokens to be found on unseen sentences, before patterns and known identifiers help."""
LEAST_THRESHOLD = 0.05
MOST_THRESHOLD = (1.0, 0.2, 0.2, 0.2, 0.3, 0.3, 0.1, 0.1)
"""By label: however sure unseen sentences make it, no identifier needs more than this."""


def rounded(table: Array) -> Array:
    """Weights as 16-bit integers."""
    return np.clip(np.rint(table * SCALE), -32768, 32767).astype("<i2")


def exported(weights: Array, trainer: Trainer, vocabulary: Vocabulary, thresholds: tuple[float, ...]) -> Model:
    """The model as shipped; pairs whose weights all round to nothing are left out."""
    wide, narrow, pairs, steps = trainer.split(weights)
    whole = rounded(pairs)
    kept = np.abs(whole).max(1) > 2
    return Model(
        vocabulary=vocabulary,
        scale=SCALE,
        steps=tuple(float(value) for value in np.exp(np.round(steps, 4)).ravel()),
        thresholds=thresholds,
        wide=rounded(wide).tobytes(),
        narrow=rounded(narrow).tobytes(),
        pair_keys=trainer.used_pairs[kept].astype("<u4").tobytes(),
        pairs=whole[kept].tobytes(),
    )


def probabilities(weights: Array, trainer: Trainer, data: Data, widths: tuple[int, int]) -> Array:
    """Label marginals of other narratives under trained weights."""
    other = Trainer(data, widths, 0.0, (1, 1))
    wide, narrow, pairs, steps = trainer.split(weights)
    table = np.zeros((len(other.used_pairs), LABELS))
    place = np.searchsorted(trainer.used_pairs, other.used_pairs)
    place[place == len(trainer.used_pairs)] = 0
    same = trainer.used_pairs[place] == other.used_pairs
    table[same] = pairs[place[same]]
    moved = np.concatenate([wide.ravel(), narrow.ravel(), table.ravel(), steps.ravel()])
    return forward_backward(other.emissions(moved), steps, data.starts, other.order)[1]


def chosen_thresholds(marginals: Array, labels: Array) -> tuple[float, ...]:
    """By label, the threshold that finds the wanted share of its tokens, kept in bounds."""
    chance = 1 - marginals[:, 0]
    best = marginals[:, 1:].argmax(1) + 1
    found = [1.0]
    for label in range(1, LABELS):
        values = np.sort(chance[(labels == label)])
        cut = values[int((1 - RECALL_FLOOR[label]) * len(values))] if len(values) else 0.5
        found.append(float(np.clip(cut, LEAST_THRESHOLD, MOST_THRESHOLD[label])))
        truth = labels[(best == label) & (chance >= found[-1])]
        print(
            f"  {Label(label).name}: threshold {found[-1]:.3f}, tokens marked {len(truth)}, "
            f"rightly {np.mean(truth > 0):.3f}, found {np.mean(values >= found[-1]):.3f}"
        )
    return tuple(round(value, 4) for value in found)
