"""Folds a letter to its plain lower-case form, one character to one, so that offsets stay."""

import unicodedata

FOLDED_BELOW = 0x250
"""Letters of Latin-1 and Latin Extended-A and -B are folded; what lies above is only put in lower case."""

_STROKED = {"ł": "l", "ø": "o", "đ": "d", "ı": "i", "ħ": "h", "ŧ": "t", "ß": "s", "æ": "a", "œ": "o", "þ": "t", "ð": "d"}


def folded_letter(letter: str) -> str:
    """The one plain letter that stands for this one in the lexicon; a letter without one stays."""
    low = letter.lower()
    if len(low) != 1:
        low = low[0]
    if not "\x7f" < low < chr(FOLDED_BELOW):
        return low
    return _STROKED.get(low, unicodedata.normalize("NFD", low)[0])


FOLDS = {code: folded_letter(chr(code)) for code in range(FOLDED_BELOW)}
"""The table for str.translate; characters above it keep their case rule from str.lower."""


def folded(word: str) -> str:
    """The word as the lexicon spells it."""
    if word.isascii():
        return word.lower()
    return "".join(FOLDS[ord(letter)] if ord(letter) < FOLDED_BELOW else folded_letter(letter) for letter in word)
