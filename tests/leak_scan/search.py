"""Many texts looked for in many bytes at once: by the first six bytes of each, at every place."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

WINDOW = 6
"""Bytes. What is shorter is not looked for."""
_SLOTS = 20
"""Bits of the table that says which six bytes cannot begin anything."""
_SPREAD = np.uint64(0x9E3779B97F4A7C15)


class Patterns:
    """Texts with their numbers, made ready once."""

    def __init__(self, patterns: Iterable[tuple[bytes, int]]) -> None:
        self._by_start: defaultdict[bytes, list[tuple[bytes, int]]] = defaultdict(list)
        for pattern in patterns:
            if len(pattern[0]) >= WINDOW:
                self._by_start[pattern[0][:WINDOW]].append(pattern)
        self._table = np.zeros(1 << _SLOTS, dtype=bool)
        self._table[_slots(_starts(b"".join(self._by_start))[::WINDOW])] = True

    def found_in(self, haystack: bytes) -> Iterator[tuple[int, int]]:
        """(place, number of the pattern) of every pattern in the haystack, which must be in lower case as they are."""
        if len(haystack) < WINDOW:
            return
        for place in np.flatnonzero(self._table[_slots(_starts(haystack))]).tolist():
            for pattern, number in self._by_start.get(haystack[place : place + WINDOW], ()):
                if haystack.startswith(pattern, place):
                    yield place, number


def _starts(data: bytes) -> NDArray[np.uint64]:
    """The six bytes from each place on, as one number."""
    octets = np.frombuffer(data, dtype=np.uint8).astype(np.uint64)
    count = max(0, len(octets) - WINDOW + 1)
    starts = np.zeros(count, dtype=np.uint64)
    for place in range(WINDOW):
        starts |= octets[place : place + count] << np.uint64(8 * place)
    return starts


def _slots(starts: NDArray[np.uint64]) -> NDArray[np.uint64]:
    return (starts * _SPREAD) >> np.uint64(64 - _SLOTS)
