"""Which neighbours are weighed together, by their classes."""

from stream_processors.domain.deidentification.tagger.classes import CLASSES

PAIRS = ((-1, 0, -1), (0, 1, 1), (-1, 1, 0), (-2, -1, 0), (1, 2, 0), (-2, 0, 0), (0, 2, 0))
"""Left and right offset, and the gap that counts: -1 before the token, 1 after it, 0 none."""
STATES_OF_PAIR = CLASSES * CLASSES * 2
TRIPLES = ((-1, 0, 1), (-2, -1, 0), (0, 1, 2))
"""Offsets of three neighbours."""
FIRST_TRIPLE = len(PAIRS) * STATES_OF_PAIR
STATES_OF_TRIPLE = CLASSES**3


def pair_key(pair: int, left: int, right: int, joint: int) -> int:
    """The number of a pair of classes; `joint` = 1 where no space stands in the gap that counts."""
    return pair * STATES_OF_PAIR + (left * CLASSES + right) * 2 + joint


def triple_key(triple: int, left: int, middle: int, right: int) -> int:
    """The number of a triple of classes."""
    return FIRST_TRIPLE + triple * STATES_OF_TRIPLE + (left * CLASSES + middle) * CLASSES + right
