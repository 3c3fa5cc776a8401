"""A text as words that compare: case, accents, invisible characters and the punctuation between them do not count."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_WORD = re.compile(r"[^\W\d_]+|\d+")
_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")


@dataclass(frozen=True, slots=True)
class Word:
    """One run of letters or of digits, folded, and where it stands."""

    text: str
    start: int
    end: int


def normalised(text: str) -> str:
    """The text in Unicode NFKC without invisible characters: what a reader sees, in one spelling."""
    return unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))


def folded(text: str) -> str:
    """Lower case without accents, for comparison only."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def words(text: str) -> Iterator[Word]:
    """The words of a normalised text in order; letters and digits never share one."""
    for match in _WORD.finditer(text):
        yield Word(folded(match[0]), match.start(), match.end())


def spelled(text: str) -> tuple[str, ...]:
    """The folded words of any text."""
    return tuple(word.text for word in words(normalised(text)))
