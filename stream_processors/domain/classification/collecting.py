"""Chooses the tokens and neighbours that get weights: those that stand in enough texts to be more than one author's habit."""

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from stream_processors.domain.classification.reading import Reader, neighbours
from stream_processors.domain.classification.training import Vocabulary
from stream_processors.domain.classification.words import WORD, Spellings, lowered

UNKNOWN_TOKEN = ""
"""The name of row 0; no word is read as it."""


def collected(samples: Iterable[Sequence[str]], spellings: Spellings, least: tuple[int, int]) -> Vocabulary:
    """A vocabulary from samples: each is one source (a written line, a report) in one or several wordings.

    `least` is in how many sources a token must stand, and in how many a pair.
    """
    sources = [list(sample) for sample in samples]
    counts: Counter[str] = Counter()
    for wordings in sources:
        counts.update({token for text in wordings for token in _tokens(text, spellings)})
    tokens = sorted(token for token, count in counts.items() if count >= least[0])
    reader = Reader.of((UNKNOWN_TOKEN, *tokens), spellings)
    return Vocabulary(reader, *(_pairs(sources, reader, apart, least[1]) for apart in (1, 2)))


def _tokens(text: str, spellings: Spellings) -> Iterable[str]:
    for word in WORD.findall(lowered(text)):
        token = spellings.token(word)
        yield token
        if class_ := spellings.class_of(token):
            yield class_


def _pairs(sources: Iterable[Sequence[str]], reader: Reader, apart: int, least: int) -> npt.NDArray[np.int64]:
    counts: Counter[int] = Counter()
    for wordings in sources:
        found: set[int] = set()
        for text in wordings:
            inner = reader.in_pairs[reader.read(text)]
            found.update(neighbours(inner, len(reader.in_pairs), apart).tolist())
        counts.update(found - {0})
    return np.array(sorted(key for key, count in counts.items() if count >= least), np.int64)
