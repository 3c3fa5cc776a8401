"""What is said with these probabilities, and what is left to a person.

Silence is the rule where a code is not likely enough. Death and severe harm are never talked down: where they are likely at all
and something milder is likelier, nothing is said of harm, and a person looks.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from schemas.taxonomy import Category, Harm, ReportType
from stream_processors.domain.classification.heads import CATEGORIES, HARMS, REPORT_TYPES
from stream_processors.domain.classification.scoring import Probabilities
from stream_processors.domain.classification.weights import Policy

_WORST = (Harm.DEATH, Harm.SEVERE)
_INCIDENT = REPORT_TYPES.index(ReportType.INCIDENT)
_NOT_APPLICABLE = HARMS.index(Harm.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The codes that are said, None or empty where nothing is, and how likely the likeliest is whether or not it is said."""

    report_type: ReportType | None
    categories: tuple[Category, ...]
    harm: Harm | None
    confidence: tuple[float, float, float]
    """Of report type, categories and harm: that the code is right, if the text gives one at all."""


def suggested(chances: Probabilities, policy: Policy) -> Suggestion:
    """The suggestion for a text."""
    silent = chances.unclear >= policy.unclear
    clear = 1 - chances.unclear if silent else 1.0
    type_, type_chance = _likeliest(chances.report_type[: len(REPORT_TYPES)])
    report_type = REPORT_TYPES[type_]
    sure_type = not silent and type_chance >= policy.least[report_type]
    harm, harm_chance = _harm(chances, type_ if sure_type else None, policy)
    categories, category_chance = _categories(chances.categories, policy)
    return Suggestion(
        report_type=report_type if sure_type else None,
        categories=() if silent else categories,
        harm=None if silent else harm,
        confidence=(
            _if_said(type_chance, chances.report_type[-1]) * clear,
            category_chance * clear,
            _if_said(harm_chance, chances.harm[-1]) * clear,
        ),
    )


def _categories(chances: Sequence[float], policy: Policy) -> tuple[tuple[Category, ...], float]:
    said = [row for row, chance in enumerate(chances) if chance >= policy.least[CATEGORIES[row]]]
    if not said:
        return (), max(chances)
    return tuple(CATEGORIES[row] for row in said), min(chances[row] for row in said)


def _harm(chances: Probabilities, type_: int | None, policy: Policy) -> tuple[Harm | None, float]:
    """Only an incident has harm; where the report type is left open, so is whether harm applies."""
    if type_ not in (None, _INCIDENT):
        return Harm.NOT_APPLICABLE, chances.report_type[type_]
    shares = list(chances.harm[: len(HARMS)])
    if type_ == _INCIDENT:
        rest = 1 - shares[_NOT_APPLICABLE]
        shares = [share / rest if row != _NOT_APPLICABLE else 0.0 for row, share in enumerate(shares)] if rest > 0 else shares
    row, chance = _likeliest(shares)
    harm = HARMS[row]
    worst = sum(shares[HARMS.index(one)] for one in _WORST)
    talked_down = harm not in _WORST and worst >= policy.alarm
    left_open = row == _NOT_APPLICABLE
    return (None if talked_down or left_open or chance < policy.least[harm] else harm), chance


def _if_said(chance: float, unsaid: float) -> float:
    return min(chance / (1 - unsaid), 1.0) if unsaid < 1 else 0.0


def _likeliest(shares: Sequence[float]) -> tuple[int, float]:
    row = max(range(len(shares)), key=shares.__getitem__)
    return row, shares[row]
