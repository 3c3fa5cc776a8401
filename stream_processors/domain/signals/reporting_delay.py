"""How late events are reported, learnt from history that is cut off: the late ones of the last weeks are not there yet.

The delays seen by a day are right-truncated: an event of t days ago is seen only if its delay is at most t. The estimate is the
product limit in reversed time (Lagakos, Barraj, De Gruttola 1988, Biometrika 75: 515-523; Kalbfleisch, Lawless 1989, JASA 84:
360-372). It needs no assumption on the shape of the delay, only that it does not depend on the day.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Delay:
    """`shares[a]`: the share of the events that are reported within a days, up to the longest delay, where it is 1."""

    shares: Floats

    def exposure(self, window: int) -> float:
        """Days' worth of events that are reported by now, of the last `window` days, today included."""
        ages = np.minimum(np.arange(window), self.shares.size - 1)
        return float(self.shares[ages].sum())

    @property
    def probabilities(self) -> Floats:
        """Probability of a delay of 0, 1, 2, ... days."""
        return np.diff(self.shares, prepend=0.0)


AT_ONCE = Delay(np.ones(1))


def estimate(delays: Ints, ages: Ints) -> Delay:
    """From events seen by a day: delay of each, and how many days before that day it happened; delay <= age, in days.

    With no event nothing is known, and reports count as coming at once.
    """
    if delays.size == 0:
        return AT_ONCE
    longest = int(delays.max())
    shares = np.ones(longest + 1)
    for t in range(longest, 0, -1):
        at_risk = int(((delays <= t) & (ages >= t)).sum())  # those that could have shown a delay of t, and showed no longer one
        hazard = int(((delays == t) & (ages >= t)).sum()) / at_risk if at_risk else 0.0
        shares[t - 1] = shares[t] * (1.0 - hazard)
    return Delay(shares)
