"""Says which rows of the weights a token adds up.

Wide rows weigh a token for itself and for three neighbours on each side; narrow rows only for itself. No row stands for a
single rare word: names that training saw must not be known by heart.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from stream_processors.domain.deidentification.lexicon.flags import COMMON_SHIFT, FAMILY_SHIFT, GIVEN_SHIFT, Word
from stream_processors.domain.deidentification.lexicon.folding import folded
from stream_processors.domain.deidentification.tagger.classes import CLASSES, digits_class, sign_class, word_class
from stream_processors.domain.deidentification.tagger.shapes import Case, Shape, shape_of

REACH = 3
OFFSETS = 2 * REACH + 1
WIDE_FLAG = CLASSES
WIDE_NAME = WIDE_FLAG + 32
WIDE_COMMON = WIDE_NAME + 16 * 3
WIDE_SHAPE = WIDE_COMMON + 8
WIDE_PART = WIDE_SHAPE + 8
WIDE_WORD = WIDE_PART + 16
"""Rows from here on belong to the words of the model's vocabulary."""
NARROW_NAME = 0
"""First-name band x surname band x frequency band x shape."""
NARROW_LENGTH = NARROW_NAME + 16 * 8 * 8
NARROW_AFFIX = NARROW_LENGTH + 16 * 8
"""Rows from here on belong to word endings and beginnings."""

SINGLE_FLAGS = tuple(flag.bit_length() - 1 for flag in Word if flag > Word.COMMON)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words, endings and beginnings that have rows, and the words that have a class of their own."""

    words: Mapping[str, int]
    classes: Mapping[str, int]
    affixes: Mapping[str, int]
    """"-ing" and "-ng" for endings, "str-" for beginnings."""


@dataclass(frozen=True, slots=True)
class Rows:
    """What one token adds up."""

    kind: int
    wide: tuple[int, ...]
    narrow: tuple[int, ...]


def rows_of(surface: str, case: Case, lexicon: Mapping[str, int], vocabulary: Vocabulary) -> Rows:
    """The class and rows of one token as it stands in a text of this case."""
    if surface[0].isdecimal():
        kind = digits_class(surface)
        return Rows(kind, (kind,), ())
    if not surface[0].isalnum():
        kind = sign_class(surface)
        return Rows(kind, (kind,), ())
    word = folded(surface)
    shape = shape_of(surface, case)
    bits = lexicon.get(word, 0)
    kind = vocabulary.classes.get(word, -1)
    if kind < 0 or shape in (Shape.LETTER, Shape.FLAT_LETTER):
        kind = word_class(bits, shape)
    own = vocabulary.words.get(word, -1)
    wide = _wide(kind, bits, shape, own)
    narrow = _narrow(word, bits, shape, own, vocabulary)
    return Rows(kind, wide, narrow)


def _wide(kind: int, bits: int, shape: Shape, own: int) -> tuple[int, ...]:
    rows = [kind]
    rows += [WIDE_FLAG + place for place in SINGLE_FLAGS if bits >> place & 1]
    style = 0 if shape is Shape.SMALL else 2 if shape is Shape.FLAT else 1
    rows.append(WIDE_NAME + 16 * style + (bits & 15))
    rows.append(WIDE_COMMON + (bits >> COMMON_SHIFT & 7))
    rows.append(WIDE_SHAPE + shape)
    rows.append(WIDE_PART + (bits >> 7 & 15))
    if own >= 0:
        rows.append(WIDE_WORD + own)
    return tuple(rows)


def _narrow(word: str, bits: int, shape: Shape, own: int, vocabulary: Vocabulary) -> tuple[int, ...]:
    names = (bits >> GIVEN_SHIFT & 3) * 4 + (bits >> FAMILY_SHIFT & 3)
    rows = [NARROW_NAME + (names * 8 + (bits >> COMMON_SHIFT & 7)) * 8 + shape]
    rows.append(NARROW_LENGTH + min(len(word), 15) * 8 + shape)
    if own < 0 and len(word) > 2:
        for affix in ("-" + word[-3:], "-" + word[-2:], word[:3] + "-"):
            row = vocabulary.affixes.get(affix)
            if row is not None:
                rows.append(NARROW_AFFIX + row)
    return tuple(rows)
