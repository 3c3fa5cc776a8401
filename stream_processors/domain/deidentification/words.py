"""A text as words that compare: case, accents, invisible characters and the punctuation between them do not count."""

import re
import unicodedata
from collections.abc import Iterator, Set
from dataclasses import dataclass

_WORD = re.compile(r"[^\W\d_]+|\d+")
INVISIBLE = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
_INVISIBLE = re.compile(f"[{INVISIBLE}]")
_FOREIGN = re.compile(r"[^\x00-\x7f]+")
_TYPOGRAPHIC = (
    "\u2018\u2019\u201a\u201b\u2032\u201c\u201d\u201e\u201f\u2033\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2022\u00b7"
)
_TYPOGRAPHY = dict(zip(_TYPOGRAPHIC, "'''''\"\"\"\"\"-------**", strict=True))
_TYPOGRAPHIC_SIGN = re.compile(f"[{_TYPOGRAPHIC}]")
_DIGIT = re.compile(r"\d")
_ONLY_DIGITS = {code: chr(code) if chr(code).isdigit() else None for code in range(128)}
_LETTERS = {code: chr(code) if chr(code).isalpha() else " " for code in range(128)}
_DIGITS = {code: chr(code) if chr(code).isdigit() else " " for code in range(128)}


@dataclass(frozen=True, slots=True)
class Word:
    """One run of letters or of digits, folded, and where it stands."""

    text: str
    start: int
    end: int


def normalised(text: str) -> str:
    """The text in Unicode NFKC without invisible characters, quotes and dashes as ASCII has them: one spelling of what is read.

    Most texts that are not ASCII are so by their quotes and dashes alone; in ASCII every later step is twice as fast.
    """
    if text.isascii():
        return text
    composed = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))
    return _TYPOGRAPHIC_SIGN.sub(lambda match: _TYPOGRAPHY[match[0]], composed)  # str.translate looks up every character


def folded(text: str) -> str:
    """Lower case without accents, for comparison only."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return _FOREIGN.sub(_without_accents, decomposed)


def _without_accents(match: re.Match[str]) -> str:
    return "".join(character for character in match[0] if not unicodedata.combining(character))


def word_at(text: str, start: int) -> Word | None:
    """The word that begins exactly here, if one does."""
    match = _WORD.match(text, start)
    return Word(folded(match[0]), start, match.end()) if match else None


def words_among(text: str, wanted: Set[str]) -> Iterator[Word]:
    """Those words of a normalised text that are wanted; letters and digits never share one."""
    if not text.isascii():
        for match in _WORD.finditer(text):
            if (word := folded(match[0])) in wanted:
                yield Word(word, match.start(), match.end())
        return
    lower = text.lower()
    for word in wanted & _distinct(lower):
        start = lower.find(word)
        while start >= 0:
            end = start + len(word)
            if _stands_alone(lower, start, end):
                yield Word(word, start, end)
            start = lower.find(word, end)


def _distinct(lower: str) -> set[str]:
    """The words of a folded ASCII text."""
    return {*lower.translate(_LETTERS).split(), *lower.translate(_DIGITS).split()}


def _stands_alone(lower: str, start: int, end: int) -> bool:
    """Letters do not go on where letters begin or end, nor digits where digits do."""
    if lower[start].isdigit():
        return not (lower[start - 1 : start].isdigit() or lower[end : end + 1].isdigit())
    return not (lower[start - 1 : start].isalpha() or lower[end : end + 1].isalpha())


def digits_of(text: str) -> str:
    """All digits of a text in a row."""
    return text.translate(_ONLY_DIGITS) if text.isascii() else "".join(_DIGIT.findall(text))


def spelled(text: str) -> tuple[str, ...]:
    """The folded words of any text."""
    if text.isascii():
        lower = text.lower()
        return (lower,) if lower.isalpha() or lower.isdigit() else tuple(_WORD.findall(lower))
    return tuple(map(folded, _WORD.findall(normalised(text))))
