"""How much the fields of two reports speak for one event: the sum of a weight for each field that both have.

Fellegi and Sunter (1969), Journal of the American Statistical Association 64: 1183-1210: a weight is the logarithm, here to
base 2, of how much likelier this agreement is for two reports of one event than for two of different ones. What is missing
speaks for nothing (as in the hit-miss model, Norén, Orre, Bate, Edwards 2007, Data Mining and Knowledge Discovery 14: 305-328).
The weights are set by judgement, not fitted: there are no labelled pairs to fit them to.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

DIFFERENT_PROVIDERS = -6.0
"""A patient who was transferred is reported by two; most pairs of two providers are two events."""
SAME_DAY, NEXT_DAY, OTHER_DAY = 6.0, 2.0, -6.0
SAME_AGE, NEXT_AGE, OTHER_AGE = 5.0, 1.0, -5.0
SAME_SEX, OTHER_SEX = 1.0, -4.0
SAME_CATEGORY, OTHER_CATEGORY = 2.0, -3.0
SAME_SETTING, OTHER_SETTING = 2.0, -1.0

TEXT: Sequence[tuple[float, float]] = ((0.8, 12.0), (0.5, 8.0), (0.2, 4.0), (0.05, 0.0), (0.0, -2.0))
"""From which similarity on which weight: a copy is a copy, and two people tell one event in different words."""


@dataclass(frozen=True, slots=True)
class Report:
    """What is compared of a report; None or empty where it is not known."""

    provider: str
    event_id: str
    day: date | None = None
    categories: frozenset[str] = frozenset()
    age: int | None = None
    sex: str | None = None
    setting: str | None = None
    text: str = ""


def agreement(one: Report, other: Report) -> float:
    """The sum over the fields."""
    return (
        (0.0 if one.provider == other.provider else DIFFERENT_PROVIDERS)
        + _day(one.day, other.day)
        + _age(one.age, other.age)
        + _same(one.sex, other.sex, SAME_SEX, OTHER_SEX)
        + _same(one.setting, other.setting, SAME_SETTING, OTHER_SETTING)
        + _categories(one.categories, other.categories)
    )


def text_agreement(similarity: float) -> float:
    """The weight of two texts of this similarity."""
    return next(weight for least, weight in TEXT if similarity >= least)


def _day(one: date | None, other: date | None) -> float:
    if one is None or other is None:
        return 0.0
    return {0: SAME_DAY, 1: NEXT_DAY}.get(abs((one - other).days), OTHER_DAY)


def _age(one: int | None, other: int | None) -> float:
    if one is None or other is None:
        return 0.0
    return {0: SAME_AGE, 1: NEXT_AGE}.get(abs(one - other), OTHER_AGE)


def _same(one: str | None, other: str | None, same: float, different: float) -> float:
    if one is None or other is None:
        return 0.0
    return same if one == other else different


def _categories(one: frozenset[str], other: frozenset[str]) -> float:
    if not one or not other:
        return 0.0
    return SAME_CATEGORY if one & other else OTHER_CATEGORY
