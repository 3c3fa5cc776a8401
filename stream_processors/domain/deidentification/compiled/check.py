"""Hands the shapes, their clues and their patterns to the compiled second look."""

import re
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

from schemas.grades import Grade
from stream_processors.domain.deidentification.compiled.automaton import automaton
from stream_processors.domain.deidentification.known import Known
from stream_processors.domain.deidentification.old_ages import holds_old_age
from stream_processors.domain.deidentification.patterns import KINDS, SHAPES
from stream_processors.domain.deidentification.shape import Follows, Shape, Start
from stream_processors.domain.deidentification.words import folded, normalised

_MARK, _LEAD, _WORD, _CASED = range(4)
_P2 = Grade.P2
_STARTS = (Start.LEAD, Start.DIGIT, Start.DIALLED, Start.CODE)
"""Where a pattern is tried; one that begins otherwise is looked for everywhere."""
_FOLLOWS = (Follows.ANYTHING, Follows.WORD, Follows.CAPITAL, Follows.DIGIT)
"""In the order of the enumerations of _check.c."""


class CompiledCheck:
    """Says whether a text still holds something known or something shaped, as verification.py does."""

    def __init__(self, extension: ModuleType) -> None:
        self._p1, self._p2 = (_built(extension, SHAPES[grade]) for grade in (Grade.P1, Grade.P2))
        self._may_tell_age = self._p2.may_tell_age
        self.holds_known: Callable[[str, Known], bool] = self._p2.holds_known
        """True where a known identifier can be read, whatever its case and punctuation."""

    def holds_identifier(self, text: str, known: Known, grade: Grade) -> bool:
        """True where a known identifier can be read, or where something has the shape of one that this grade forbids."""
        held: bool = (self._p2 if grade is _P2 else self._p1).holds_identifier(text, known)
        return held

    def holds_old_age(self, result: str) -> bool:
        """True where a bare age over 89 stands behind the placeholder of a name, or before a letter for the sex."""
        return self._may_tell_age(result) and holds_old_age(result)

    def holds_shape(self, text: str, grade: Grade) -> bool:
        """True where something in the text matches a shape of the grade."""
        held: bool = (self._p2 if grade is _P2 else self._p1).holds_shape(text)
        return held


def _built(extension: ModuleType, shapes: tuple[Shape, ...]) -> Any:
    clues = [clue for place, shape in enumerate(shapes) for clue in _clues(place, shape)]
    tables = automaton([text.lower() for text, *_ in clues])
    return extension.Check(
        (folded, normalised, KINDS),
        tuple(map(_told, shapes)),
        tuple(clues),
        tables.width,
        (tables.classes, tables.following, tables.ends, tables.texts),
    )


def _told(shape: Shape) -> tuple[Any, ...]:
    return (
        _STARTS.index(shape.start) if shape.start in _STARTS else len(_STARTS),
        _FOLLOWS.index(shape.follows),
        shape.least,
        bool(shape.words),
        _has_clues(shape),
        shape.marks_end_run,
        *shape.first_run,
        shape.pattern.match,
        shape.pattern.search,
        shape.sieve and shape.sieve.search,
        shape.hint and shape.hint.search,
    )


def _has_clues(shape: Shape) -> bool:
    return bool(shape.leads or shape.marks or shape.closes)


def _clues(place: int, shape: Shape) -> Iterator[tuple[str, int, int, int]]:
    """Text, sort, size of its first word, and place of its shape."""
    for text in shape.leads:
        yield text, _LEAD, len(re.split("[^a-z]", text)[0]), place
    for text in shape.words:
        yield text, _WORD, 0, place
    if shape.marks:
        for text in shape.marks:
            yield text, _MARK, 0, place
    elif shape.start is Start.CAPITAL:
        for text in shape.closes:
            yield text, _CASED, 0, place
