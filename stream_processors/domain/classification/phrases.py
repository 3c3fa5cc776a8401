"""Phrases that speak for a code: regular expressions between word ends, each with letters to look for first."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVar

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
        return any(mark in lower for mark in self.marks) and self.pattern.search(lower) is not None


def _mark(phrase: str) -> str:
    """The longest part of a phrase that is no choice and may not be left out."""
    return max(_NOT_AS_IT_IS.split(phrase), key=len)


def table(words: Mapping[Code, Iterable[str]]) -> Mapping[Code, Phrases]:
    """The phrases of every code."""
    return MappingProxyType({code: Phrases.of(phrases) for code, phrases in words.items()})


def spoken(words: Mapping[Code, Phrases], lower: str) -> tuple[Code, ...]:
    """The codes that a text in lower case speaks for, in the order of the table."""
    return tuple(code for code, phrases in words.items() if phrases.in_text(lower))
