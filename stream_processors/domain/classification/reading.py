"""Turns a narrative into the rows of weights that it adds up: its tokens, its neighbours, its neighbours but one."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stream_processors.domain.classification.weights import UNKNOWN
from stream_processors.domain.classification.words import NUMBER, Spellings

Ids = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Reader:
    """Knows the tokens of one model."""

    spellings: Spellings
    ids: dict[str, int]
    """By token."""
    known: dict[str, int]
    """By spelling: the way for most words."""
    in_pairs: Ids
    """By token: what it is among its neighbours, its class where it has one."""
    class_rows: Ids
    """By token: the row of its class, or that of the unknown word, whose weights are nought."""

    @classmethod
    def of(cls, tokens: Sequence[str], spellings: Spellings, words: Sequence[str] = ()) -> "Reader":
        """A reader for a model with these tokens. The commonest words are looked up once and for all."""
        ids = {token: row for row, token in enumerate(tokens)}
        known = {word: ids[token] for word, token in spellings.tokens.items() if token in ids}
        known |= {"0" * length: ids[NUMBER] for length in range(1, 12) if NUMBER in ids}
        known |= {word: ids[token] for word in words if (token := spellings.token(word)) in ids}
        known |= {token: row for token, row in ids.items() if spellings.token(token) == token}
        classes = np.array([ids.get(spellings.class_of(token) or "", UNKNOWN) for token in tokens], np.int64)
        rows = np.arange(len(tokens))
        return cls(spellings, ids, known, np.where(classes == UNKNOWN, rows, classes), classes)

    def read(self, words: Sequence[str]) -> list[int]:
        """The token of every word, in order."""
        found = list(map(self.known.get, words))
        return [self._rare(word) if one is None else one for word, one in zip(words, found, strict=True)]

    def _rare(self, word: str) -> int:
        if word.isdecimal():
            return self.ids.get(NUMBER, UNKNOWN)
        token = self.spellings.token(word)
        found = self.ids.get(token)
        if found is None:
            found = self.ids.get(self.spellings.class_of(token) or "", UNKNOWN)
        return found


def neighbours(inner: Ids, tokens: int, apart: int) -> Ids:
    """The keys of all pairs of tokens that stand so far apart, in order. No pair with an unknown word has a key of a table:
    there both are at least 1."""
    found: Ids = inner[:-apart] * tokens + inner[apart:]
    return found


def found_in(keys: Ids, table: Ids) -> Ids:
    """The rows of those keys that the sorted table has."""
    if not len(table) or not len(keys):
        return np.zeros(0, np.int64)
    place = np.minimum(np.searchsorted(table, keys), len(table) - 1)
    found: Ids = place[table[place] == keys]
    return found
