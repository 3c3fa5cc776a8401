"""How often an answer this sure was right: what is told as its confidence, in a few steps.

Slopes alone make probabilities honest over all texts; the answers that are given are a choice among them, and of few unseen
texts no finer curve than some steps can be known (isotonic regression of equal groups; Zadrozny and Elkan 2002).
"""

from collections.abc import Sequence

import numpy as np
from scipy.optimize import isotonic_regression

from stream_processors.domain.classification.advising import Suggestion
from stream_processors.domain.classification.heads import CATEGORIES, HARMS, REPORT_TYPES
from stream_processors.domain.classification.training import Labelled
from stream_processors.domain.classification.weights import Policy, Steps

OUTPUTS = ("report_type", "categories", "harm")
GROUPS = 5
LEAST_GROUP = 20
"""Answers. With fewer than this no share is known, and probabilities are told as they are."""


def right(label: Labelled, said: Suggestion, output: str) -> bool | None:
    """Whether an answer is right, of categories whether they are all and no other; None where none is given or labelled."""
    answer = getattr(said, output)
    if not answer:
        return None
    if output == "categories":
        return None if label.categories is None else {CATEGORIES.index(one) for one in answer} == label.categories
    codes = REPORT_TYPES if output == "report_type" else HARMS
    truth = getattr(label, output)
    return bool(codes[truth] is answer) if truth >= 0 else None


def learned_steps(labels: Sequence[Labelled], said: Sequence[Suggestion]) -> tuple[Steps, Steps, Steps]:
    """The steps of each output, from answers about texts that the weights were not trained on."""
    report_type, categories, harm = (_steps(labels, said, row) for row in range(len(OUTPUTS)))
    return report_type, categories, harm


def _steps(labels: Sequence[Labelled], said: Sequence[Suggestion], row: int) -> Steps:
    clear = [(label, one) for label, one in zip(labels, said, strict=True) if not label.unclear]
    known = [(one.confidence[row], right(label, one, OUTPUTS[row])) for label, one in clear]
    answers = sorted((chance, truth) for chance, truth in known if truth is not None)
    count = min(GROUPS, len(answers) // LEAST_GROUP)
    if not count:
        return ()
    begins = sorted({answers[len(answers) * at // count][0] for at in range(count)})  # equal ones stay together
    group = np.searchsorted(begins, [chance for chance, _ in answers], side="right") - 1
    sizes = np.bincount(group)
    shares = isotonic_regression(np.bincount(group, [truth for _, truth in answers]) / sizes, weights=sizes).x
    return tuple((round(least, 3), round(float(share), 3)) for least, share in zip(begins, shares, strict=True))


def told(said: Suggestion, policy: Policy) -> Suggestion:
    """The suggestion with what its answers' confidence was worth; that of an answer which is not given stays."""
    given = (said.report_type, said.categories, said.harm)
    report_type, categories, harm = (
        _worth(chance, steps) if answer else chance
        for chance, steps, answer in zip(said.confidence, policy.told, given, strict=True)
    )
    return Suggestion(said.report_type, said.categories, said.harm, (report_type, categories, harm))


def _worth(chance: float, steps: Steps) -> float:
    """The share of the highest step that is reached; of the lowest one at least."""
    reached = [share for least, share in steps if chance >= least] or [share for _, share in steps[:1]]
    return reached[-1] if reached else chance
