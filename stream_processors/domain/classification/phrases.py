"""Phrases that speak for a code: regular expressions between word ends, each with letters to look for first."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Generic, TypeVar

Code = TypeVar("Code")
_NOT_AS_IT_IS = re.compile(r"\(\?:[^)]*\)\??|\[[^]]*\]|\\w\*|\\d|.\?")


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
    """The phrases of every code, in order."""

    phrases: Mapping[Code, Phrases]
    marks: tuple[tuple[str, Code], ...]

    def spoken(self, lower: str) -> tuple[Code, ...]:
        """The codes that a text in lower case speaks for, in order."""
        near = {code for mark, code in self.marks if mark in lower}
        if not near:
            return ()
        return tuple(code for code, of_code in self.phrases.items() if code in near and of_code.pattern.search(lower))


def table(words: Mapping[Code, Iterable[str]]) -> Table[Code]:
    """The table of these phrases."""
    phrases = {code: Phrases.of(of_code) for code, of_code in words.items()}
    return Table(MappingProxyType(phrases), tuple((mark, code) for code, of_code in phrases.items() for mark in of_code.marks))
