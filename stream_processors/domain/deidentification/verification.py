"""Whether a text still holds something known or something shaped like an identifier: a second path that trusts no span.

It compares whole texts after taking them apart in its own way, so that a mistake in finding or cutting spans is seen.
"""

import re

from schemas.grades import Grade
from stream_processors.domain.deidentification.known import Known
from stream_processors.domain.deidentification.patterns import PLACEHOLDER, SHAPES
from stream_processors.domain.deidentification.words import folded, normalised

_CUT = "\x00" * 8
"""Stands for a placeholder: no pattern reaches over it (it is no space, and longer than any gap) and no word contains it."""

_BETWEEN = re.compile(r"[^\w\x00]+|_+")
_LETTER_MEETS_DIGIT = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")


def holds_known(text: str, known: Known) -> bool:
    """True where a known identifier can be read in the text, whatever its case and punctuation."""
    plain = folded(normalised(PLACEHOLDER.sub(_CUT, text)))
    line = f" {_BETWEEN.sub(' ', _LETTER_MEETS_DIGIT.sub(' ', plain))} "
    if any(f" {' '.join(sequence)} " in line for sequence in known.sequences):
        return True
    digits = _BETWEEN.sub("", plain)
    return any(number in digits for number in known.numbers)


def holds_pattern(text: str, grade: Grade) -> bool:
    """True where something in the text has the shape of an identifier that this grade forbids."""
    bare = PLACEHOLDER.sub(_CUT, text)
    return any(shape.pattern.search(bare) for shape in SHAPES[grade])


def holds_identifier(text: str, known: Known, grade: Grade) -> bool:
    """True where either does."""
    return holds_known(text, known) or holds_pattern(text, grade)
