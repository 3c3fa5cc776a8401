"""What the capitals of a word say, given how the whole text uses capitals."""

from enum import IntEnum


class Case(IntEnum):
    """How a text uses capitals: where it has nearly none, or nearly only, a capital says nothing."""

    NORMAL = 0
    LOWER = 1
    UPPER = 2


class Shape(IntEnum):
    """The shape of a letter token; texts without usable capitals have shapes of their own."""

    SMALL = 0
    CAPITAL = 1
    CAPITALS = 2
    MIXED = 3
    LETTER = 4
    """One capital letter alone: an initial, or A and I."""
    SMALL_LETTER = 5
    FLAT = 6
    """Any word of a text in one case."""
    FLAT_LETTER = 7


def case_of(text: str) -> Case:
    """Nearly no capitals: at most one in 200 small letters; nearly only: at most one small letter in three capitals."""
    upper = sum(map(str.isupper, text))
    lower = sum(map(str.islower, text))
    if upper * 200 <= lower:
        return Case.LOWER
    return Case.UPPER if lower * 3 <= upper else Case.NORMAL


def shape_of(word: str, case: Case) -> Shape:
    """The shape of one letter token."""
    if case is not Case.NORMAL:
        return Shape.FLAT_LETTER if len(word) == 1 else Shape.FLAT
    capital = word[0].isupper()
    if len(word) == 1:
        return Shape.LETTER if capital else Shape.SMALL_LETTER
    if not any(map(str.isupper, word[1:])):
        return Shape.CAPITAL if capital else Shape.SMALL
    return Shape.CAPITALS if all(map(str.isupper, word)) else Shape.MIXED
