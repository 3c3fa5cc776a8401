"""Where one provider's answers differ from everybody else's: its texts are others than those that the model was judged on.

A share of one provider and month is compared with the share of all other providers in that month, by the score of two
proportions (Fleiss 1981, section 2.2). A difference is a reason to read narratives, not a finding about the provider.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

LEAST_EVENTS = 30
"""In a window and in its comparison: with fewer the score is no normal deviate."""
LOOK = 4.0
"""Chance alone reaches it once in some 16,000 shares."""


@dataclass(frozen=True, slots=True)
class Window:
    """The answers of one model about one provider's events of one month."""

    provider: str
    month: str
    classifier: str
    events: int
    shares: Mapping[str, tuple[int, int]]
    """By what is counted: (so many, of so many)."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A share that is far from that of the others."""

    window: Window
    figure: str
    share: float
    others: float
    score: float
    """Positive where the share is higher than that of the others."""


def differences(windows: Sequence[Window], look: float = LOOK) -> list[Difference]:
    """Every share that is far from the others', the farthest first."""
    pooled = _pooled(windows)
    found = [
        one
        for window in windows
        for figure in window.shares
        if (one := _compared(window, figure, pooled[(*_peers(window), figure)])) and abs(one.score) >= look
    ]
    return sorted(found, key=lambda one: (-abs(one.score), one.window.provider, one.window.month, one.figure))


def _peers(window: Window) -> tuple[str, str]:
    return window.month, window.classifier


def _pooled(windows: Sequence[Window]) -> Mapping[tuple[str, str, str], tuple[int, int]]:
    pooled: dict[tuple[str, str, str], tuple[int, int]] = {}
    for window in windows:
        for figure, (part, whole) in window.shares.items():
            before = pooled.get((*_peers(window), figure), (0, 0))
            pooled[(*_peers(window), figure)] = (before[0] + part, before[1] + whole)
    return pooled


def _compared(window: Window, figure: str, pooled: tuple[int, int]) -> Difference | None:
    part, whole = window.shares[figure]
    other_part, other_whole = pooled[0] - part, pooled[1] - whole
    if min(whole, other_whole) < LEAST_EVENTS:
        return None
    both = pooled[0] / pooled[1]
    spread = sqrt(both * (1 - both) * (1 / whole + 1 / other_whole))
    share, others = part / whole, other_part / other_whole
    return Difference(window, figure, share, others, (share - others) / spread if spread else 0.0)
