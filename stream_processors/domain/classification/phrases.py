"""Phrases that speak for a code: regular expressions between word ends, each with letters to look for first."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Generic, TypeVar

from stream_processors.domain.classification.words import Spoken

Code = TypeVar("Code")
_NOT_AS_IT_IS = re.compile(r"\(\?:[^)]*\)\??|\[[^]]*\]\??|\\w\*|\\d|.\?")


@dataclass(frozen=True, slots=True)
class Phrases:
    """The phrases of one code."""

    pattern: re.Pattern[str]
    marks: tuple[str, ...]
    """What stands in each phrase as it is, in lower case: a text without any of these holds none of them."""

    @classmethod
    def of(cls, phrases: Iterable[str]) -> "Phrases":
        """Phrases in lower case."""
        found = tuple(phrases)
        return cls(re.compile(rf"\b(?:{'|'.join(found)})\b"), tuple(dict.fromkeys(map(_mark, found))))

    def in_text(self, lower: str) -> bool:
        """Whether one of them is in a text in lower case."""
        for mark in self.marks:  # a loop, as a generator costs more than the search
            if mark in lower:
                return self.pattern.search(lower) is not None
        return False


def _mark(phrase: str) -> str:
    """The longest part of a phrase that is no choice and may not be left out."""
    return max(_NOT_AS_IT_IS.split(phrase), key=len)


@dataclass(frozen=True, slots=True)
class Table(Generic[Code]):
    """The phrases of every code, in order. Those that are one plain word are looked up, not searched for."""

    order: Mapping[Code, int]
    plain: Mapping[str, tuple[Code, ...]]
    marks: tuple[tuple[str, Code, re.Pattern[str]], ...]

    def spoken(self, text: Spoken) -> tuple[Code, ...]:
        """The codes that a text speaks for, in order."""
        found = {code for word in self.plain.keys() & text.words for code in self.plain[word]}
        lower = text.lower
        for code, pattern in [(code, pattern) for mark, code, pattern in self.marks if mark in lower]:
            if code not in found and pattern.search(lower):
                found.add(code)
        return tuple(sorted(found, key=self.order.__getitem__)) if found else ()


def table(words: Mapping[Code, Iterable[str]]) -> Table[Code]:
    """The table of these phrases."""
    plain: dict[str, tuple[Code, ...]] = {}
    marks: list[tuple[str, Code, re.Pattern[str]]] = []
    for code, phrases in words.items():
        longer = []
        for phrase in phrases:
            if phrase.isalpha():
                plain[phrase] = (*plain.get(phrase, ()), code)
            else:
                longer.append(phrase)
        if longer:
            found = Phrases.of(longer)
            marks += [(mark, code, found.pattern) for mark in found.marks]
    return Table({code: place for place, code in enumerate(words)}, MappingProxyType(plain), tuple(marks))
