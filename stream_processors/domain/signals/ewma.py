"""EWMA: an average that forgets, against limits that allow for how long it has run.

Roberts (1959), Technometrics 1: 239-250; Borror, Champ, Rigdon (1998), Journal of Quality Technology 30: 352-361 for Poisson
counts. What is averaged is the count less its expectation, so expectations may change from point to point.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.signal import lfilter

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ewma:
    """The average of the deviations and its standard deviation under the expectation, after each point."""

    average: Floats
    sigma: Floats

    def signals(self, widths: float) -> npt.NDArray[np.bool_]:
        """Where the average is so many standard deviations above zero, or more."""
        return self.average >= widths * self.sigma


def poisson_ewma(counts: npt.ArrayLike, expected: npt.ArrayLike, weight: float = 0.1) -> Ewma:
    """Of counts where so many are expected; `weight` is that of the newest. Along the last axis."""
    mu = np.asarray(expected, float)
    return _ewma(np.asarray(counts, float) - mu, mu, weight)


def binomial_ewma(counts: npt.ArrayLike, sizes: npt.ArrayLike, usual: float, weight: float = 0.1) -> Ewma:
    """Of proportions of samples of these sizes where the usual proportion is expected."""
    n = np.asarray(sizes, float)
    return _ewma(np.asarray(counts, float) / n - usual, usual * (1 - usual) / n, weight)


def _ewma(deviations: Floats, variance: Floats, weight: float) -> Ewma:
    average = lfilter([weight], [1, weight - 1], deviations, axis=-1)
    squared = lfilter([weight**2], [1, -((1 - weight) ** 2)], variance, axis=-1)
    return Ewma(average, np.sqrt(squared))
