"""Choices that follow from a secret seed and a number: the same in every replay, a secret to whoever lacks the seed."""

import hmac
from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")
_WORD = 8
"""Bytes of one choice: a remainder of so large a number favours nothing that could be seen."""


class Draws:
    """A stream of choices, HMAC-SHA256 (RFC 2104) in counter mode."""

    def __init__(self, seed: bytes, number: int) -> None:
        self._numbers = _numbers(seed, number)

    def below(self, bound: int) -> int:
        """A number from 0 to bound - 1."""
        return next(self._numbers) % bound

    def pick(self, choices: Sequence[T]) -> T:
        """One of them."""
        return choices[self.below(len(choices))]

    def happens(self, percent: int) -> bool:
        """True in so many of 100 cases."""
        return self.below(100) < percent

    def digits(self, count: int) -> str:
        """So many digits, the first not 0."""
        return str(10 ** (count - 1) + self.below(9 * 10 ** (count - 1)))


def _numbers(seed: bytes, number: int) -> Iterator[int]:
    block = 0
    while True:
        found = hmac.digest(seed, f"canary {number} {block}".encode(), "sha256")
        yield from (int.from_bytes(found[at : at + _WORD]) for at in range(0, len(found), _WORD))
        block += 1
