"""Sorts every token into one of a few hundred classes, so that pairs of neighbours can be weighed."""

from stream_processors.domain.deidentification.lexicon.flags import COMMON_SHIFT, FAMILY_SHIFT, GIVEN_SHIFT, Word
from stream_processors.domain.deidentification.tagger.shapes import Shape

EDGE = 0
"""Before the first token and after the last."""
NEW_LINE = 1
SIGNS = ".,:;-/()'\"@#&+=?!<>*%_\\|[]{}~^$`"
FIRST_SIGN = 2
OTHER_SIGN = FIRST_SIGN + len(SIGNS)
FIRST_DIGITS = OTHER_SIGN + 1
"""Runs of digits: 1, 2, 3, a year, 4, 5, 6 to 8, 9 and more."""
FIRST_LISTED = FIRST_DIGITS + 8
LISTED = (
    Word.TITLE, Word.CREDENTIAL, Word.ROLE, Word.RELATION, Word.CALENDAR, Word.SPEECH, Word.FACILITY_HEAD, Word.EPONYM_HEAD,
    Word.UNIT,
)  # fmt: skip
"""Lists whose words act alike in any case; the first that holds the word decides, each in capitals or not."""
FIRST_LETTER = FIRST_LISTED + 2 * len(LISTED)
FIRST_OPEN = FIRST_LETTER + 3
KINDS = 18
FIRST_CLOSED = FIRST_OPEN + KINDS * 5
"""Classes from here on are given by the model to single words: by, with, the, was."""
CLASSES = FIRST_CLOSED + 44

_NAMES = 0b1111


def digits_class(run: str) -> int:
    """The class of a run of digits."""
    length = len(run)
    if length == 4:
        return FIRST_DIGITS + (3 if run[:2] in ("19", "20") else 4)
    if length < 4:
        return FIRST_DIGITS + length - 1
    return FIRST_DIGITS + (5 if length == 5 else 6 if length < 9 else 7)


def sign_class(sign: str) -> int:
    """The class of a single sign."""
    if sign == "\n":
        return NEW_LINE
    place = SIGNS.find(sign)
    return OTHER_SIGN if place < 0 else FIRST_SIGN + place


def kind_of(bits: int) -> int:
    """What sort of word the flags make it, in 18 kinds: a name only, a name and a common word, a drug and so on."""
    name = max(bits >> GIVEN_SHIFT & 3, bits >> FAMILY_SHIFT & 3)
    common = bits >> COMMON_SHIFT & 7
    if bits == 0:
        return 0
    if bits & Word.EPONYM:
        return 1 if name >= 2 else 2
    if bits & (Word.DEVICE | Word.ABBREVIATION) and common < 4:
        return 3 if bits & Word.DEVICE else 4
    if bits & Word.PROPER and name < 2:
        return 3
    if bits & Word.DRUG and name < 2:
        return 5
    if name:
        return _named(bits, name, common)
    if bits & (Word.CITY | Word.CITY_PART | Word.STATE) and common < 2:
        return 11
    if bits & Word.FACILITY and common < 2:
        return 12
    if common >= 4:
        return 13
    return _plain(bits)


def _named(bits: int, name: int, common: int) -> int:
    if common == 0 and not bits & (Word.NOUN | Word.VERB | Word.ADJECTIVE | Word.CLINICAL):
        return 6 if name >= 2 else 7
    if name >= 2:
        return 8 if common <= 3 else 9
    return 10 if common <= 3 else 13


def _plain(bits: int) -> int:
    if bits & Word.VERB:
        return 14
    if bits & Word.NOUN:
        return 15
    return 16 if bits & (Word.ADJECTIVE | Word.ADVERB) else 17


def word_class(bits: int, shape: Shape) -> int:
    """The class of a word that the model gives no class of its own."""
    if shape in (Shape.LETTER, Shape.SMALL_LETTER, Shape.FLAT_LETTER):
        return FIRST_LETTER + (shape - Shape.LETTER if shape is not Shape.FLAT_LETTER else 2)
    for place, flag in enumerate(LISTED):
        if bits & flag:
            return FIRST_LISTED + 2 * place + (shape is Shape.CAPITAL or shape is Shape.CAPITALS)
    return FIRST_OPEN + KINDS * (4 if shape is Shape.FLAT else int(shape)) + kind_of(bits)
