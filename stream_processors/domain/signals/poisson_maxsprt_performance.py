"""What a Poisson MaxSPRT finds and how soon: power, expected time to a signal, expected length of the surveillance.

Kulldorff et al. (2011), Sequential Analysis 30: 58-78, their tables of power; the same chain as the critical value.
"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import poisson

from stream_processors.domain.signals.poisson_maxsprt import jumps, signalling_times


@dataclass(frozen=True, slots=True)
class Performance:
    """Times are in events expected under the null hypothesis; the time to signal is that of the runs that signal."""

    power: float
    expected_time_to_signal: float
    expected_length: float


def performance(critical_value: float, fewest: int, horizon: float, rate: float) -> Performance:
    """At a true rate of `rate` times the expected one; signals from `fewest` events until `horizon` are expected."""
    at = rate * np.append(signalling_times(critical_value, fewest, horizon), horizon)
    below, length = np.ones(1), 0.0
    steps = np.diff(at, prepend=0.0)
    for k, (step, jump) in enumerate(zip(steps, jumps(steps), strict=True)):
        room = fewest + k  # the event of this number signals, until at[k]
        tail = poisson.sf(np.arange(room), step)
        length += float(below @ np.cumsum(tail)[room - 1 - np.arange(below.size)])  # integral of P(Poisson(t) <= m) over t
        below = np.convolve(below, jump)[:room]
    power = float(1.0 - below.sum())
    length /= rate
    return Performance(power, (length - (1.0 - power) * horizon) / power, length)
