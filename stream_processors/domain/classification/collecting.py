"""Chooses the tokens and neighbours that get weights: those that stand in enough texts to be more than one author's habit."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from stream_processors.domain.classification.reading import Reader, neighbours
from stream_processors.domain.classification.training import Vocabulary
from stream_processors.domain.classification.words import NUMBER, WORD, Spellings, Spoken, lowered

UNKNOWN_TOKEN = ""
"""The name of row 0; no word is read as it."""


def collected(samples: Iterable[Sequence[str]], spellings: Spellings, least: tuple[int, int]) -> Vocabulary:
    """A vocabulary from samples: each is one source (a written line, a report) in one or several wordings.

    `least` is in how many sources a token must stand, and in how many a pair.
    """
    sources = [list(sample) for sample in samples]
    words: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    for wordings in sources:
        met = {word for text in wordings for word in WORD.findall(lowered(text)) if not word.isdecimal()}
        words.update(met)
        counts.update({token for word in met for token in _tokens(word, spellings)})
    tokens = sorted(token for token, count in counts.items() if count >= least[0])
    often = [word for word, count in words.items() if count >= least[0]]
    reader = Reader.of((UNKNOWN_TOKEN, NUMBER, *tokens), spellings, often)
    return Vocabulary(reader, *(_pairs(sources, reader, apart, least[1]) for apart in (1, 2)))


def _tokens(word: str, spellings: Spellings) -> Iterator[str]:
    token = spellings.token(word)
    yield token
    if class_ := spellings.class_of(token):
        yield class_


def _pairs(sources: Iterable[Sequence[str]], reader: Reader, apart: int, least: int) -> npt.NDArray[np.int64]:
    """Of two known tokens: neither is the unknown one, whose number is nought."""
    counts: Counter[int] = Counter()
    tokens = len(reader.in_pairs)
    for wordings in sources:
        found: set[int] = set()
        for text in wordings:
            inner = reader.in_pairs[np.array(reader.read(Spoken.of(text).words), np.int64)]
            found.update(neighbours(inner, tokens, apart).tolist())
        counts.update(key for key in found if key >= tokens and key % tokens)
    return np.array(sorted(key for key, count in counts.items() if count >= least), np.int64)
