"""Invented names for P1: a real one that the engine missed is not seen among them ("hiding in plain sight").

Carrell et al., J Am Med Inform Assoc 2013;20:342-348. Surnames alone, so that nothing is said of anybody's sex, and none has
anything of the name that it replaces: they are drawn by a random seed that the vault keeps for the event.
"""

import hashlib
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import lru_cache

from stream_processors.domain.deidentification.lexicon.flags import FAMILY_SHIFT, Word
from stream_processors.domain.deidentification.lexicon.loader import lines_of, packed_words
from stream_processors.domain.deidentification.words import folded, spelled

_IN_USE = 2
_LENGTHS = range(4, 10)


class NoNameLeft(Exception):
    """So many names are known in this event that none can be invented."""


@lru_cache(maxsize=1)
def surnames() -> Sequence[str]:
    """Surnames in use that the lexicon knows as nothing else: no first name, no word, no place, no eponym, no drug."""
    pairs = (line.split(" ") for line in lines_of(packed_words()).decode("ascii").splitlines())
    return tuple(name.capitalize() for name, bits in pairs if len(name) in _LENGTHS and _is_surname_alone(int(bits, 16)))


def _is_surname_alone(bits: int) -> bool:
    return not bits & ~int(Word.FAMILY) and bits >> FAMILY_SHIFT >= _IN_USE


def invented(seed: str, is_known: Callable[[str], bool], texts: Collection[str]) -> Iterator[str]:
    """Names for one event, each other than those before; none that the record knows or that its texts hold anywhere.

    `seed` is random and of this event; the same gives the same names. Raises NoNameLeft, never StopIteration.
    """
    names = surnames()
    refused = {word for text in texts for word in spelled(text)}
    for draw in range(len(names)):
        digest = hashlib.sha256(f"{seed}|{draw}".encode()).digest()
        name = names[int.from_bytes(digest[:8], "big") % len(names)]
        if folded(name) not in refused and not is_known(name):
            refused.add(folded(name))
            yield name
    raise NoNameLeft
