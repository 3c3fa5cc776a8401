"""Hands what is looked for to the compiled search: shapes, words, and the patterns that decide."""

from collections.abc import Callable, Set
from types import ModuleType
from typing import Any

from schemas.grades import Grade
from stream_processors.domain.deidentification.known import Known
from stream_processors.domain.deidentification.old_ages import BEHIND_NAME, WITH_SEX
from stream_processors.domain.deidentification.patterns import SHAPES
from stream_processors.domain.deidentification.shape import Follows, Shape, Start
from stream_processors.domain.deidentification.spans import Span
from stream_processors.domain.deidentification.tied import CLOCK, WEEKDAY
from stream_processors.domain.deidentification.words import folded, normalised, spelled

_STARTS = (Start.LEAD, Start.DIGIT, Start.DIALLED, Start.CODE, Start.CAPITAL, Start.NEAR, Start.ANYWHERE)
_FOLLOWS = (Follows.ANYTHING, Follows.WORD, Follows.CAPITAL, Follows.DIGIT)
"""In the order of the enumerations of _search.c."""

_P2 = Grade.P2
"""Asking an enumeration for its member, or looking one up in a dict, takes as long as matching a pattern."""

_SETTLED = bytes(normalised(chr(code)) == chr(code) for code in range(0x300))
"""Which characters below the first combining mark are as they are when normalised; in a row of them none composes."""

Marks = Callable[[str, Grade], list[tuple[int, int, int]]]
"""Start, end and label of what a tagger marked; what stays in a grade need not be refined."""


class CompiledSearch:
    """Finds what has to go from a text, merged and in order."""

    def __init__(self, extension: ModuleType, kinds: dict[Grade, tuple[str | None, ...]], stays: "Stays") -> None:
        """`kinds`: what each label of the tagger is called in a grade, None where it stays."""
        of = {
            grade: extension.Search(
                tuple(map(_told, SHAPES[grade])),
                grade is Grade.P2,  # dates and ages stay in P1
                (folded, spelled, stays.is_number, _SETTLED),
                (CLOCK.match, WEEKDAY.match, BEHIND_NAME.match, WITH_SEX.match),
                Span,
                kinds[grade],
                stays.abbreviations,
                stays.ordinary,
                ("NAME", "DATE", "TIME", "AGE", "age"),
            )
            for grade in SHAPES
        }
        self._p1, self._p2 = of[Grade.P1], of[Grade.P2]

    def spans(self, text: str, known: Known, grade: Grade, marked: list[tuple[int, int, int]]) -> list[Span]:
        """What the record names, what has a shape and what was marked, as engine.PlainLayers has it."""
        search = self._p2 if grade is _P2 else self._p1
        spans: list[Span] = search.spans(text, known, marked)
        return spans

    def matches(self, text: str, grade: Grade) -> list[tuple[int, int, int]]:
        """Place of the shape in its grade, start and end of each match, as candidates.matches finds them."""
        found: list[tuple[int, int, int]] = (self._p2 if grade is _P2 else self._p1).matches(text)
        return found

    def tied(self, text: str, ranges: list[tuple[int, int]]) -> list[tuple[str, int, int]]:
        """Kind, start and end of the times and weekdays beside these stretches."""
        found: list[tuple[str, int, int]] = self._p2.tied(text, ranges)
        return found


class Stays:
    """What the tagger marks and a text keeps: scores and rooms, abbreviations; and names not looked for once more."""

    def __init__(self, is_number: Callable[[str, int, int], bool], abbreviations: Set[str], ordinary: Set[str]) -> None:
        self.is_number, self.abbreviations, self.ordinary = is_number, abbreviations, ordinary


def _told(shape: Shape) -> tuple[Any, ...]:
    return (
        shape.pattern.match,
        shape.pattern.finditer,
        shape.kind,
        shape.group,
        _STARTS.index(shape.start),
        _FOLLOWS.index(shape.follows),
        shape.openings,
        shape.leads,
        tuple(sorted(shape.words)),
        shape.marks,
        shape.least,
        shape.reach,
        shape.before,
        shape.closes,
        shape.marks_end_run,
    )
