"""The critical value of a test whose statistic takes few values: the smallest that keeps the type I error within alpha.

Silva and Kulldorff (2015), Biometrics 71: 851-858. The error falls in steps, each time the critical value passes a value that
the statistic can take. Between two of them every critical value is the same test; the one that is told is the lower end of
that interval, rounded up to five decimals, as the authors' published values are.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from stream_processors.domain.signals.unattainable import Unattainable


@dataclass(frozen=True, slots=True)
class Boundary:
    """A signal when the log likelihood ratio reaches `critical_value`; `alpha` is the exact type I error that this has."""

    critical_value: float
    alpha: float


def conservative_boundary(values: Sequence[float], error: Callable[[float], float], alpha: float) -> Boundary:
    """The boundary among the positive values that the statistic can take; `error(v)` is P(it ever reaches v).

    Raises Unattainable where even the largest value is reached too often.
    """
    attainable = _distinct(values)
    if not attainable or error(attainable[-1]) > alpha:
        raise Unattainable("even the strongest evidence is reached more often than alpha: watch longer")
    if error(attainable[0]) <= alpha:
        raise Unattainable("any evidence at all is reached less often than alpha: lower M or watch longer")
    low, high = 0, len(attainable) - 1  # error(low) > alpha >= error(high)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if error(attainable[middle]) > alpha else (low, middle)
    told = math.ceil(attainable[low] * 1e5 + 1e-6) / 1e5
    return Boundary(min(told, attainable[high]), error(attainable[high]))


def _distinct(values: Sequence[float]) -> list[float]:
    """Sorted, those that differ only by rounding taken once: the same evidence on two paths is one value."""
    kept: list[float] = []
    for value in sorted(value for value in values if value > 0):
        if not kept or value - kept[-1] > 1e-9:
            kept.append(value)
    return kept
