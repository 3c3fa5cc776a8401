"""What a round of canaries found: recall per grade and type, clinical terms that were lost, and what never came out."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from schemas.grades import Grade
from stream_processors.domain.canaries.alignment import still_there
from stream_processors.domain.canaries.floors import must_go
from stream_processors.domain.canaries.labels import Labels, Planted

GRADES = (Grade.P1, Grade.P2)
"""The grades in which narratives are released."""


class Withheld(StrEnum):
    """Ends of a canary in one grade other than a released narrative."""

    QUARANTINED = "quarantined"
    LOST = "lost"
    """No row in time, a dead letter for another reason, or a row without its words."""


class End(NamedTuple):
    """What became of one canary in one grade: its released narrative, or why there is none."""

    grade: Grade
    labels: Labels
    outcome: str | Withheld


@dataclass(slots=True)
class Judgement:
    """The sums of one round. Keys are grade and type, or grade alone."""

    planted: Counter[tuple[Grade, Planted]] = field(default_factory=Counter)
    leaked: Counter[tuple[Grade, Planted]] = field(default_factory=Counter)
    terms: Counter[Grade] = field(default_factory=Counter)
    touched: Counter[Grade] = field(default_factory=Counter)
    quarantined: Counter[Grade] = field(default_factory=Counter)
    lost: Counter[Grade] = field(default_factory=Counter)
    released: Counter[Grade] = field(default_factory=Counter)
    unaligned: int = 0
    """Released narratives that are none of ours with placeholders in it: all of their identifiers count as leaked."""

    def recall(self, grade: Grade, type_: Planted) -> float | None:
        """Share of the planted identifiers of which no letter and no digit stayed. None where none came out to be judged."""
        planted = self.planted[grade, type_]
        return None if planted == 0 else 1 - self.leaked[grade, type_] / planted

    def false_removal(self, grade: Grade) -> float | None:
        """Share of the clinical terms of which a letter or digit went."""
        return None if self.terms[grade] == 0 else self.touched[grade] / self.terms[grade]


def judged(ends: Iterable[End]) -> Judgement:
    """The sums over the ends of a round."""
    found = Judgement()
    for grade, labels, outcome in ends:
        if outcome is Withheld.QUARANTINED:
            found.quarantined[grade] += 1
        elif outcome is Withheld.LOST:
            found.lost[grade] += 1
        else:
            found.released[grade] += 1
            _judge(found, grade, labels, outcome)
    return found


def _judge(found: Judgement, grade: Grade, labels: Labels, released: str) -> None:
    text, identifiers, terms = labels
    there = still_there(text, released)
    found.unaligned += there is None
    for start, end, type_ in identifiers:
        if must_go(type_, grade):
            found.planted[grade, type_] += 1
            found.leaked[grade, type_] += there is None or any(there[at] and text[at].isalnum() for at in range(start, end))
    for start, end in terms:
        found.terms[grade] += 1
        found.touched[grade] += there is None or not all(there[at] or not text[at].isalnum() for at in range(start, end))
