"""Poisson MaxSPRT: how many more events than expected are too many, looked at after every event, for a whole surveillance.

Kulldorff, Davis, Kolczak, Lewis, Lieu, Platt (2011), Sequential Analysis 30: 58-78. The statistic is their equation for the
log likelihood ratio; the critical value is computed exactly, by a Markov chain over the counts at the moments at which the
n-th event would signal (their section on exact critical values), not looked up. Expected numbers are in events under the
null hypothesis. The authors of the Sequential package advise M = 4.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq
from scipy.special import lambertw
from scipy.stats import poisson

from stream_processors.domain.signals.conservative_boundary import Boundary, conservative_boundary
from stream_processors.domain.signals.unattainable import Unattainable

Floats = npt.NDArray[np.float64]
HIGHEST = 60.0
"""No critical value is higher: exp(-60) is far below any alpha."""


def log_likelihood_ratio(events: npt.ArrayLike, expected: npt.ArrayLike) -> Floats:
    """c ln(c / mu) - (c - mu) where more was seen than expected, else 0. Arrays of one shape; expected > 0."""
    c, mu = np.asarray(events, float), np.asarray(expected, float)
    more = c > mu
    safe = np.where(more, c, mu)
    return np.where(more, mu - safe + safe * np.log(safe / mu), 0.0)


def signalling_times(critical_value: float, fewest: int, horizon: float) -> Floats:
    """For n = fewest, fewest + 1, ...: the expected number up to which the n-th event signals; those within the horizon.

    The root mu < n of LLR(n, mu) = critical value, by the principal branch of Lambert's W.
    """
    n = np.arange(fewest, fewest + 16, dtype=float)
    while True:
        times = -n * lambertw(-np.exp(-1.0 - critical_value / n)).real
        if times[-1] >= horizon:
            return np.asarray(times[times < horizon], float)
        n = np.arange(fewest, fewest + 2 * n.size, dtype=float)


def signal_probability(critical_value: float, fewest: int, horizon: float, rate: float = 1.0) -> float:
    """Probability of a signal before the expected number reaches the horizon, where events come `rate` times as often.

    With rate 1 it is the type I error, or the part of alpha that is spent up to there.
    """
    times = signalling_times(critical_value, fewest, horizon)
    at = rate * np.append(times, horizon)  # the count at at[k] must be below fewest + k, or a signal was raised before
    below = poisson.pmf(np.arange(fewest), at[0])
    for k, step in enumerate(jumps(np.diff(at)), 1):
        below = np.convolve(below, step)[: fewest + k]
    return float(1.0 - below.sum())


class AlphaSpent:
    """`signal_probability` at any expected number up to the horizon, the chain being walked once: for many running tests."""

    def __init__(self, critical_value: float, fewest: int, horizon: float) -> None:
        self._times = signalling_times(critical_value, fewest, horizon)
        self._horizon = horizon
        self._since = np.concatenate([[0.0], self._times])
        steps = jumps(np.diff(np.append(self._since, horizon)))
        # A row for 0 and for each of the times: that so few have happened that 0, 1, 2, ... more are no signal yet.
        self._room = np.zeros((len(self._since), steps.shape[1]))
        below = np.ones(1)  # of the counts without a signal so far
        for k, step in enumerate(steps):
            up_to = np.cumsum(below)
            most = fewest + k - 1 - np.arange(steps.shape[1])
            self._room[k] = np.where(most < 0, 0.0, up_to[np.clip(most, 0, below.size - 1)])
            below = np.convolve(below, step)[: fewest + k]

    def at(self, expected: npt.ArrayLike) -> Floats:
        """The part of alpha that is spent when so many are expected; behind the horizon nothing is spent any more."""
        mu = np.minimum(np.asarray(expected, float), self._horizon)
        k = np.searchsorted(self._times, mu, side="left")
        more = (mu - self._since[k])[..., None] / np.arange(1, self._room.shape[1])
        first = np.ones((*mu.shape, 1))
        chances = np.exp(self._since[k] - mu)[..., None] * np.cumprod(np.concatenate([first, more], axis=-1), axis=-1)
        return np.asarray(1.0 - (chances * self._room[k]).sum(axis=-1), float)


def jumps(expected: Floats) -> Floats:
    """Probabilities of 0, 1, 2, ... events, a row for each expected number; what is rarer than 1e-17 is left out."""
    most = float(expected.max(initial=0.0))
    counts = np.arange(int(most + 9 * np.sqrt(most)) + 25)
    return np.asarray(poisson.pmf(counts, expected[:, None]), float)


def critical_value(horizon: float, fewest: int = 4, alpha: float = 0.05) -> Boundary:
    """The critical value for looks after every event until `horizon` are expected, with no signal below `fewest` events.

    Raises Unattainable where even `fewest` events within the horizon are rarer than alpha.
    """
    if poisson.sf(fewest - 1, horizon) < alpha:
        raise Unattainable(f"{fewest} events within T are rarer than alpha: lower M or raise T")
    lowest = 1e-6
    if signal_probability(lowest, fewest, horizon) < alpha:
        raise Unattainable("any excess at all is rarer than alpha: lower M or raise T")
    found = float(brentq(lambda cv: signal_probability(cv, fewest, horizon) - alpha, lowest, HIGHEST, xtol=1e-10))
    return Boundary(found, signal_probability(found, fewest, horizon))


def group_critical_value(looks: Sequence[float], fewest: int = 1, alpha: float = 0.05) -> Boundary:
    """The same for few looks, at these growing cumulative expected numbers: the count is discrete, so alpha is not met exactly.

    Silva and Kulldorff (2015), Biometrics 71: 851-858.
    """
    at = np.asarray(looks, float)
    highest = [int(poisson.isf(max(alpha * 1e-6, 1e-14), mu)) + fewest + 1 for mu in at]
    values = [
        value
        for mu, most in zip(at, highest, strict=True)
        for value in log_likelihood_ratio(np.arange(fewest, most + 1), np.full(most + 1 - fewest, mu)).tolist()
    ]
    return conservative_boundary(values, lambda cv: _group_error(cv, at, fewest), alpha)


def _group_error(cv: float, at: Floats, fewest: int) -> float:
    below, before = np.ones(1), 0.0
    for mu in at:
        first = fewest
        while log_likelihood_ratio(first, mu) < cv - 1e-9:
            first += 1
        below = np.convolve(below, poisson.pmf(np.arange(first + 1), mu - before))[:first]
        before = mu
    return float(1.0 - below.sum())
