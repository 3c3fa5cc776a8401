"""Whether a text still holds something known or something shaped like an identifier: a second path that trusts no span.

It compares whole texts after taking them apart in its own way, so that a mistake in finding or cutting spans is seen.
"""

import re

from schemas.grades import Grade
from stream_processors.domain.deidentification.known import Known
from stream_processors.domain.deidentification.patterns import PLACEHOLDER
from stream_processors.domain.deidentification.suspicion import CUT, holds_shape
from stream_processors.domain.deidentification.words import folded, normalised

_BETWEEN = re.compile(r"[^\w\x00]+|_+")
_LETTER_MEETS_DIGIT = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")
_MEETING = re.compile(r"\d(?:[^\W\d_]|(?<=[^\W\d_]\d))")
"""The same as a search: in a text without one it costs a seventh of the substitution."""
_LETTERS = {code: chr(code) if chr(code).isalpha() or not code else " " for code in range(128)}
_DIGITS = {code: chr(code) if chr(code).isdigit() or not code else " " for code in range(128)}
_CLOSED = {code: chr(code) if chr(code).isalnum() or not code else None for code in range(128)}


def holds_known(text: str, known: Known) -> bool:
    """True where a known identifier can be read in the text, whatever its case and punctuation."""
    return _reads_known(without_placeholders(text), known)


def holds_identifier(text: str, known: Known, grade: Grade) -> bool:
    """True where it can, or where something has the shape of an identifier that this grade forbids."""
    bare = without_placeholders(text)
    return _reads_known(bare, known) or holds_shape(bare, grade)


def without_placeholders(text: str) -> str:
    """The text with something no pattern takes and no word holds in the place of each placeholder."""
    return PLACEHOLDER.sub(CUT, text) if "[" in text else text


def _reads_known(bare: str, known: Known) -> bool:
    lower = folded(normalised(bare))
    letters, digits = _letters_and_digits(lower)
    for word in known.words:
        if word in letters:
            return True
    if known.phrases and _reads_phrase(lower, letters, digits, known):
        return True
    return not digits.isspace() and _reads_number(lower, digits, known)


def _reads_number(lower: str, digits: str, known: Known) -> bool:
    for number in known.short_numbers:
        if number in digits:
            return True
    closed = lower.translate(_CLOSED) if lower.isascii() else _BETWEEN.sub("", lower)
    return any(number in closed for number in known.numbers)


def _letters_and_digits(lower: str) -> tuple[str, str]:
    """The runs of letters, and the runs of digits, with a space before and behind each."""
    if lower.isascii():
        return f" {lower.translate(_LETTERS)} ", f" {lower.translate(_DIGITS)} "
    line = _parted(lower)
    return line, line


def _parted(lower: str) -> str:
    apart = _LETTER_MEETS_DIGIT.sub(" ", lower) if _MEETING.search(lower) else lower
    return f" {_BETWEEN.sub(' ', apart)} "


def _reads_phrase(lower: str, letters: str, digits: str, known: Known) -> bool:
    if known.longer.keys().isdisjoint(letters.split()) and known.longer.keys().isdisjoint(digits.split()):
        return False
    line = _parted(lower)
    return any(phrase in line for phrase in known.phrases)
