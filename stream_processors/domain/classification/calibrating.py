"""Chooses how far sums are to be believed and from where answers are given, on texts whose sentences training never saw."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import product
from math import log
from typing import TypeVar

import numpy as np

from schemas.taxonomy import Harm
from stream_processors.domain.classification.advising import suggested
from stream_processors.domain.classification.confidence import learned_steps
from stream_processors.domain.classification.heads import CATEGORIES, HARMS, REPORT_TYPES
from stream_processors.domain.classification.scoring import Probabilities, calibrated
from stream_processors.domain.classification.training import Labelled
from stream_processors.domain.classification.weights import Policy

SLOPES = tuple(round(float(slope), 3) for slope in np.geomspace(0.25, 1.6, 20))
SHIFTS = tuple(float(shift) for shift in np.arange(-4.0, 1.1, 0.25))
PRECISION = {"type": 0.87, "harm": 0.7}
"""What an answer must be right in, on unseen sentences, before it is given; within the bounds below."""
LEAST, MOST = {"type": 0.45, "harm": 0.33, "category": 0.25}, {"type": 0.7, "harm": 0.5, "category": 0.5}
WORST = (HARMS.index(Harm.DEATH), HARMS.index(Harm.SEVERE))
KEPT = 0.9
"""Share of the deaths and severe harms that may not be talked down."""
VAGUE_KEPT = 0.75
"""Share of the vague texts about which nothing is said."""

Value = TypeVar("Value")
Sums = Sequence[Sequence[int]]


def policy_of(sums: Sums, labels: Sequence[Labelled]) -> Policy:
    """The policy for sums of texts that the weights were not trained on."""
    kind = _best(SLOPES, lambda s: _loss(_one_of(sums, labels, (s, 1, 1), "report_type")))
    harm = _best(SLOPES, lambda s: _loss(_one_of(sums, labels, (1, s, 1), "harm")))
    category, shift = _best(product(SLOPES, SHIFTS), lambda s: _category_loss(sums, labels, s[0], s[1]))
    slopes = (kind, harm, category)
    chances = [calibrated(row, Policy(slopes, shift, {}, 1, 1)) for row in sums]
    least = {
        **_thresholds(chances, labels, "type"),
        **_thresholds(chances, labels, "harm"),
        **_category_thresholds(chances, labels),
    }
    policy = Policy(slopes, shift, least, _alarm(chances, labels), _unclear(chances, labels))
    return replace(policy, told=learned_steps(labels, [suggested(one, policy) for one in chances]))


def _best(values: Iterable[Value], cost: Callable[[Value], float]) -> Value:
    return min(values, key=cost)


def _one_of(sums: Sums, labels: Sequence[Labelled], slopes: tuple[float, float, float], field: str) -> Iterable[float]:
    for row, label in zip(sums, labels, strict=True):
        truth = getattr(label, field)
        if truth >= -1:
            yield getattr(calibrated(row, Policy(slopes, 0, {}, 1, 1)), field)[truth]


def _loss(chances: Iterable[float]) -> float:
    return -sum(log(max(chance, 1e-9)) for chance in chances)


def _category_loss(sums: Sums, labels: Sequence[Labelled], slope: float, shift: float) -> float:
    policy = Policy((1, 1, slope), shift, {}, 1, 1)
    total = 0.0
    for row, label in zip(sums, labels, strict=True):
        if label.categories is not None:
            for place, chance in enumerate(calibrated(row, policy).categories):
                total += log(max(chance if place in label.categories else 1 - chance, 1e-9))
    return -total


def _answers(chances: Sequence[Probabilities], labels: Sequence[Labelled], head: str) -> list[tuple[int, float, bool]]:
    """(row said, its probability, whether it is right) of every labelled text."""
    found = []
    for one, label in zip(chances, labels, strict=True):
        truth = label.report_type if head == "type" else label.harm
        shares = one.report_type[: len(REPORT_TYPES)] if head == "type" else one.harm[: len(HARMS)]
        if truth >= -1:
            row = max(range(len(shares)), key=shares.__getitem__)
            found.append((row, shares[row], row == truth))
    return found


def _thresholds(chances: Sequence[Probabilities], labels: Sequence[Labelled], head: str) -> dict[str, float]:
    answers = _answers(chances, labels, head)
    codes = REPORT_TYPES if head == "type" else HARMS
    return {
        str(code): _least([(chance, right) for said, chance, right in answers if said == row], head)
        for row, code in enumerate(codes)
    }


def _category_thresholds(chances: Sequence[Probabilities], labels: Sequence[Labelled]) -> dict[str, float]:
    known = [(one, label.categories) for one, label in zip(chances, labels, strict=True) if label.categories is not None]
    return {
        str(code): _best_f1([(one.categories[row], row in truth) for one, truth in known])
        for row, code in enumerate(CATEGORIES)
    }


def _least(answers: Sequence[tuple[float, bool]], head: str) -> float:
    """The least confidence from which enough is right, within bounds."""
    ordered = sorted(answers, reverse=True)
    right, best = 0, MOST[head]
    for place, (chance, truth) in enumerate(ordered, 1):
        right += truth
        if right / place >= PRECISION[head]:
            best = chance
    return round(float(np.clip(best, LEAST[head], MOST[head])), 3)


def _best_f1(answers: Sequence[tuple[float, bool]]) -> float:
    """The threshold at which the F1 of a category is highest, within bounds."""
    true = sum(truth for _, truth in answers)
    right, best, at = 0, 0.0, MOST["category"]
    for place, (chance, truth) in enumerate(sorted(answers, reverse=True), 1):
        right += truth
        if (f1 := 2 * right / (place + true)) > best:
            best, at = f1, chance
    return round(float(np.clip(at, LEAST["category"], MOST["category"])), 3)


def _alarm(chances: Sequence[Probabilities], labels: Sequence[Labelled]) -> float:
    bad = sorted(sum(one.harm[row] for row in WORST) for one, label in zip(chances, labels, strict=True) if label.harm in WORST)
    return round(float(np.clip(bad[int((1 - KEPT) * len(bad))] if bad else 0.2, 0.05, 0.35)), 3)


def _unclear(chances: Sequence[Probabilities], labels: Sequence[Labelled]) -> float:
    vague = sorted(one.unclear for one, label in zip(chances, labels, strict=True) if label.unclear)
    return round(float(np.clip(vague[int((1 - VAGUE_KEPT) * len(vague))] if vague else 0.5, 0.3, 0.7)), 3)
