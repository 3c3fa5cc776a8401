"""Confidence is the share of unseen answers that were right when this sure: rising steps, and only for what is said."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.taxonomy import Category, Harm, ReportType
from stream_processors.domain.classification.advising import Suggestion
from stream_processors.domain.classification.confidence import GROUPS, LEAST_GROUP, learned_steps, right, told
from stream_processors.domain.classification.learning import labelled
from stream_processors.domain.classification.training import Labelled
from tests.support.classifiers import SHIPPED

POLICY = SHIPPED.scorer.weights.policy
chance = st.floats(0, 1, allow_nan=False)


def said(confidence: float, harm: Harm | None = Harm.MILD) -> Suggestion:
    return Suggestion(ReportType.INCIDENT, (Category.FALL,), harm, (confidence, confidence, confidence))


def truth(harm: Harm) -> Labelled:
    return labelled("", ReportType.INCIDENT, (Category.FALL, Category.DEVICE), harm, False)


@given(st.lists(st.tuples(chance, st.booleans()), min_size=LEAST_GROUP, max_size=300))
def test_steps_rise_and_are_at_most_so_many(answers: list[tuple[float, bool]]) -> None:
    labels = [truth(Harm.MILD if hit else Harm.NONE) for _, hit in answers]
    _, _, steps = learned_steps(labels, [said(one) for one, _ in answers])
    assert 1 <= len(steps) <= GROUPS
    assert list(steps) == sorted(steps)
    assert [share for _, share in steps] == sorted(share for _, share in steps)


def test_a_boaster_is_told_by_what_his_answers_were_worth() -> None:
    labels = [truth(Harm.MILD if row % 2 else Harm.NONE) for row in range(100)]
    steps = learned_steps(labels, [said(0.99)] * 100)
    assert told(said(0.99), replace(POLICY, told=steps)).confidence == pytest.approx((1.0, 0.0, 0.5))


def test_of_too_few_answers_nothing_is_learned() -> None:
    few = LEAST_GROUP - 1
    assert learned_steps([truth(Harm.MILD)] * few, [said(0.9)] * few) == ((), (), ())
    assert told(said(0.9), replace(POLICY, told=((), (), ()))) == said(0.9)


@given(chance, chance)
def test_whoever_is_surer_is_told_as_no_less_sure(one: float, other: float) -> None:
    low, high = (told(said(sure), POLICY).confidence for sure in sorted((one, other)))
    assert all(below <= above for below, above in zip(low, high, strict=True))


def test_what_is_not_said_keeps_its_probability() -> None:
    assert told(said(0.42, harm=None), POLICY).confidence[2] == 0.42


def test_categories_are_right_where_they_are_all_and_no_other() -> None:
    label = labelled("", None, (Category.FALL, Category.DEVICE), None, False)
    both = replace(said(0.9), categories=(Category.DEVICE, Category.FALL))
    assert (right(label, both, "categories"), right(label, said(0.9), "categories")) == (True, False)
    assert right(label, both, "harm") is None
