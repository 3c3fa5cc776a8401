"""Hands the clues of the shapes to the compiled second look."""

import re
from collections.abc import Iterator
from types import ModuleType
from typing import Any, NamedTuple

from schemas.grades import Grade
from stream_processors.domain.deidentification.compiled.automaton import automaton
from stream_processors.domain.deidentification.known import Known
from stream_processors.domain.deidentification.old_ages import holds_old_age
from stream_processors.domain.deidentification.patterns import SHAPES
from stream_processors.domain.deidentification.shape import Follows, Shape, Start
from stream_processors.domain.deidentification.verification import without_placeholders
from stream_processors.domain.deidentification.words import folded, normalised

_MARK, _LEAD, _WORD, _CASED = range(4)
_P2 = Grade.P2
_FOLLOWS = (Follows.ANYTHING, Follows.WORD, Follows.CAPITAL, Follows.DIGIT)
"""In the order of the enumerations of _check.c."""


class _Look(NamedTuple):
    """The automaton of the clues of a grade, and its shapes."""

    compiled: Any
    shapes: tuple[Shape, ...]


class CompiledCheck:
    """Says whether a text still holds something known or something shaped, as verification.py does."""

    def __init__(self, extension: ModuleType) -> None:
        self._p1, self._p2 = (_Look(_built(extension, SHAPES[grade]), SHAPES[grade]) for grade in (Grade.P1, Grade.P2))
        of_any = self._p2.compiled
        self._reads, self._may_tell_age, self._flattened = of_any.reads, of_any.may_tell_age, of_any.flattened

    def holds_known(self, text: str, known: Known) -> bool:
        """True where a known identifier can be read, whatever its case and punctuation."""
        return bool(self._reads(normalised(without_placeholders(text)), known))

    def holds_identifier(self, text: str, known: Known, grade: Grade) -> bool:
        """True where a known identifier can be read, or where something has the shape of one that this grade forbids."""
        bare = without_placeholders(text)
        return self._reads(normalised(bare), known) or self.holds_shape(bare, grade)

    def holds_old_age(self, result: str) -> bool:
        """True where a bare age over 89 stands behind the placeholder of a name, or before a letter for the sex."""
        return self._may_tell_age(result) and holds_old_age(result)

    def holds_shape(self, text: str, grade: Grade) -> bool:
        """True where something in the text matches a shape of the grade."""
        sketch = ""
        look = self._p2 if grade is _P2 else self._p1
        for place in look.compiled.suspects(text):
            shape = look.shapes[place]
            if shape.sieve:
                sketch = sketch or self._flattened(text)
                if not shape.sieve.search(sketch):
                    continue
            if (shape.hint is None or shape.hint.search(text)) and shape.pattern.search(text):
                return True
        return False


def _built(extension: ModuleType, shapes: tuple[Shape, ...]) -> Any:
    clues = [clue for place, shape in enumerate(shapes) for clue in _clues(place, shape)]
    tables = automaton([text.lower() for text, *_ in clues])
    return extension.Check(
        folded,
        tuple(map(_told, shapes)),
        tuple(clues),
        tables.width,
        (tables.classes, tables.following, tables.ends, tables.texts),
    )


def _told(shape: Shape) -> tuple[int, int, bool, bool, bool, int, int]:
    return (
        _FOLLOWS.index(shape.follows),
        shape.least,
        bool(shape.words),
        _has_clues(shape),
        shape.marks_end_run,
        *shape.first_run,
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
