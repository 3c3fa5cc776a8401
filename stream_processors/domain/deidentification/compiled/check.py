"""Hands the clues of the shapes to the compiled second look."""

import re
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from schemas.grades import Grade
from stream_processors.domain.deidentification.compiled.automaton import automaton
from stream_processors.domain.deidentification.known import Known
from stream_processors.domain.deidentification.old_ages import holds_old_age
from stream_processors.domain.deidentification.patterns import SHAPES
from stream_processors.domain.deidentification.shape import Follows, Shape, Start
from stream_processors.domain.deidentification.verification import without_placeholders
from stream_processors.domain.deidentification.words import folded, normalised

_MARK, _LEAD, _WORD, _CASED = range(4)
_FOLLOWS = (Follows.ANYTHING, Follows.WORD, Follows.CAPITAL, Follows.DIGIT)
"""In the order of the enumerations of _check.c."""


class CompiledCheck:
    """Says whether a text still holds something known or something shaped, as verification.py does."""

    def __init__(self, extension: ModuleType) -> None:
        self._of = {grade: _built(extension, SHAPES[grade]) for grade in SHAPES}
        self._reads = self._of[Grade.P2].reads
        self._may_tell_age = self._of[Grade.P2].may_tell_age

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
        for place in self._of[grade].suspects(text):
            shape = SHAPES[grade][place]
            if shape.sieve:
                sketch = sketch or self._of[grade].flattened(text)
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
        tuple((_FOLLOWS.index(shape.follows), shape.least, bool(shape.words), _has_clues(shape)) for shape in shapes),
        tuple(clues),
        tables.width,
        (tables.classes, tables.following, tables.ends, tables.texts),
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
