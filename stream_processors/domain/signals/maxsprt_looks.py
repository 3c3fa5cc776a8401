"""A running Poisson MaxSPRT: every look is logged with its statistic and the part of alpha that is spent, signal or not.

Horizon, fewest events and critical value are fixed before the first look (domain report 5.8): a test that is chosen after the
data have been seen has no error probability. Only the first look at which the boundary is reached is a signal; afterwards
the question is answered, and more looks would spend nothing and mean nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from stream_processors.domain.signals.poisson_maxsprt import log_likelihood_ratio, signal_probability


@dataclass(frozen=True, slots=True)
class Plan:
    """What was fixed beforehand. Numbers of events; `horizon` is in expected events."""

    critical_value: float
    horizon: float
    fewest: int = 4


@dataclass(frozen=True, slots=True)
class Look:
    """One look: its number from 1, cumulative events and expectation, the statistic, alpha spent so far, signal or not."""

    number: int
    events: int
    expected: float
    log_likelihood_ratio: float
    alpha_spent: float
    signal: bool


def looks(plan: Plan, cumulative: Sequence[tuple[int, float]]) -> list[Look]:
    """The log of looks at (events so far, expected so far), which never fall. It ends with the signal or at the horizon.

    Raises ValueError where a look is before its predecessor or expects nothing.
    """
    log: list[Look] = []
    before = (0, 0.0)
    for number, (events, expected) in enumerate(cumulative, 1):
        if events < before[0] or expected < before[1] or expected <= 0:
            raise ValueError(f"look {number}: cumulative numbers never fall, and something is expected")
        if expected > plan.horizon:
            break
        ratio = float(log_likelihood_ratio(events, expected))
        signal = events >= plan.fewest and ratio >= plan.critical_value
        spent = signal_probability(plan.critical_value, plan.fewest, expected)
        log.append(Look(number, events, expected, ratio, spent, signal))
        if signal:
            break
        before = (events, expected)
    return log
