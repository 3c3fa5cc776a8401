"""What is wrong after a round of canaries. Grades, types and numbers; never a text."""

from collections.abc import Iterator
from typing import NamedTuple

from stream_processors.domain.canaries.floors import FLOORS, MOST_QUARANTINED, MOST_REMOVED
from stream_processors.domain.canaries.judgement import GRADES, Judgement


class Finding(NamedTuple):
    """One thing that is wrong: `value` is on the wrong side of `bound`."""

    what: str
    grade: str
    type: str
    value: float | None
    bound: float

    def __str__(self) -> str:
        where = " ".join(part for part in (self.grade, self.type) if part)
        value = "nothing to judge" if self.value is None else f"{self.value:.3f}"
        return f"{where}: {self.what} {value}, bound {self.bound:g}"


def findings(found: Judgement) -> tuple[Finding, ...]:
    """Everything that is wrong; nothing when all is well. A type of which nothing came out to be judged is a finding, too."""
    return (*_lost(found), *_leaking(found), *_withheld(found))


def _lost(found: Judgement) -> Iterator[Finding]:
    for grade in GRADES:
        if found.lost[grade]:
            yield Finding("lost", grade, "", found.lost[grade], 0)


def _leaking(found: Judgement) -> Iterator[Finding]:
    for type_, floor in FLOORS.items():
        for grade in GRADES:
            least, recall = floor.of(grade), found.recall(grade, type_)
            if least is not None and (recall is None or recall < least):
                yield Finding("recall", grade, type_, recall, least)


def _withheld(found: Judgement) -> Iterator[Finding]:
    for grade in GRADES:
        total = found.released[grade] + found.quarantined[grade] + found.lost[grade]
        share = found.quarantined[grade] / total if total else 0.0
        if share > MOST_QUARANTINED:
            yield Finding("quarantined", grade, "", share, MOST_QUARANTINED)
        removed = found.false_removal(grade)
        if removed is not None and removed > MOST_REMOVED:
            yield Finding("false removal", grade, "", removed, MOST_REMOVED)
