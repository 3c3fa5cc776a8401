"""The hyperparameters that make the counts most likely.

Source: DuMouchel 1999, section 3, and DuMouchel and Pregibon 2001. The likelihood is flat along alpha1 and may have several
maxima, so: several starts on squashed points, then every pair from the best of them, then a check. Single
hyperparameters remain poorly known; EBGM does not.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit

from stream_processors.domain.signals.contingency import Reals, Wholes
from stream_processors.domain.signals.hyperparameters import NAMES, Hyperparameters
from stream_processors.domain.signals.mixture_likelihood import Free, Likelihood
from stream_processors.domain.signals.squashing import squashed, unsquashed

STARTS = (
    Hyperparameters(0.2, 0.1, 2.0, 4.0, 1 / 3),  # DuMouchel 1999
    Hyperparameters(0.2, 0.06, 1.4, 1.8, 0.1),  # the later start of his programs
    Hyperparameters(0.1, 0.1, 10.0, 10.0, 0.2),
    Hyperparameters(2.0, 0.5, 2.0, 2.0, 0.05),
    Hyperparameters(5.0, 1.0, 0.5, 0.5, 0.5),
)
LIMIT = np.log([1e4, 1e4, 1e4, 1e4, 1e5])
"""How far ln alpha, ln beta and logit p may go. Beyond it a gamma is a point and a share is nothing."""
AT_LIMIT = 1e-6
"""So near to a limit counts as there."""
MOST_STEPS = 100
LONGEST, SHORTEST = 2.0, 1e-10
"""Of a step, in any of the free parameters."""
ROUGHLY, SURE = 1e-6, 1e-12
"""Log-likelihood that one more step would gain, below which none is taken: from a start, and from the best of their ends."""
SURE_ENOUGH = 1e-3
"""And below which the place still is a maximum: no two readers would tell the scores apart."""
ROUNDING = 1e-14
"""Relative rise of the mean that is no rise."""
LEAST_CURVATURE = 1e-7
"""A direction that is flatter than this is not followed further than the gradient bears."""
SAME = 1e-6
"""Difference of mean log-likelihoods below which two starts have found the same maximum."""


@dataclass(frozen=True, slots=True)
class Fit:
    """What was found and how sure it is.

    `log_likelihood` is that of every pair, given n >= 1. `converged`: no step from there gains anything. `at_limit` names the
    hyperparameters that ran as far as they may: the counts are too few or too even to know them, though EBGM may still be
    right. `agreeing` of `starts` ended in this maximum. `points` is what the squashed pairs became.
    """

    theta: Hyperparameters
    log_likelihood: float
    converged: bool
    at_limit: tuple[str, ...]
    pairs: int
    points: int
    starts: int
    agreeing: int


class NothingToFit(ValueError):
    """There is no pair with a report and an expectation."""


def fit(n: Wholes, e: Reals, starts: Sequence[Hyperparameters] = STARTS, zeros: bool = False) -> Fit:
    """The most likely hyperparameters. Raises NothingToFit.

    Usually of the pairs with at least one report: others are left out, and the likelihood is conditional on n >= 1. With
    `zeros` every cell counts as it is, for tables that hold their empty cells too.
    """
    used = (n >= (0 if zeros else 1)) & (e > 0)
    if not used.any():
        raise NothingToFit("no pair has a report")
    n, e = n[used], e[used]
    points = squashed(n, e)
    few, all_pairs = Likelihood(points, truncated=not zeros), Likelihood(unsquashed(n, e), truncated=not zeros)
    ends = sorted((_climb(few, _free(start), ROUGHLY) for start in starts), key=lambda end: end[0])
    value, best = _climb(all_pairs, ends[0][1], SURE)
    theta = _theta(best)
    at_limit = np.abs(_free(theta)) >= LIMIT - AT_LIMIT
    return Fit(
        theta=theta,
        log_likelihood=-value * all_pairs.total,
        converged=_gain(all_pairs, best) <= SURE_ENOUGH,
        at_limit=tuple(name for name, limited in zip(NAMES, at_limit, strict=True) if limited),
        pairs=len(n),
        points=len(points),
        starts=len(starts),
        agreeing=sum(end[0] - ends[0][0] <= SAME for end in ends),
    )


def log_likelihood(n: Wholes, e: Reals, theta: Hyperparameters) -> float:
    """Of the pairs with at least one report, given that they have one."""
    used = (n >= 1) & (e > 0)
    likelihood = Likelihood(unsquashed(n[used], e[used]))
    return -likelihood(_free(theta))[0] * likelihood.total if used.any() else 0.0


def _climb(likelihood: Likelihood, at: Free, sure: float) -> tuple[float, Free]:
    """From here to a maximum: mean negative log-likelihood and place. Never to a less likely place.

    Newton's method, its step no longer than a radius that shrinks where the step was too long (Nocedal and Wright 2006,
    chapter 4). Five unknowns: scipy's optimisers spend more time in threads of their algebra than here is work.
    """
    value, gradient = likelihood(at)
    curvature, radius = _curvature(likelihood, at), LONGEST
    for _ in range(MOST_STEPS):
        pushing = _pushing(at, gradient)
        step = _step(curvature, pushing)
        if -(pushing @ step) * likelihood.total <= sure or radius < SHORTEST:
            break
        length = np.abs(step).max()
        following = np.clip(at + step * min(1.0, radius / length), -LIMIT, LIMIT)
        new_value, new_gradient = likelihood(following)
        if new_value > value + ROUNDING * abs(value):
            radius = min(length, radius) / 4
            continue
        at, value, gradient, radius = following, new_value, new_gradient, min(2 * radius, LONGEST)
        curvature = _curvature(likelihood, at)
    return value, at


def _gain(likelihood: Likelihood, at: Free) -> float:
    """Log-likelihood of all pairs that a step of Newton from here would gain, about."""
    pushing = _pushing(at, likelihood(at)[1])
    return float(-(pushing @ _step(_curvature(likelihood, at), pushing)) * likelihood.total)


def _step(curvature: Reals, pushing: Free) -> Free:
    """Downhill along every direction, also where the curvature is none of a maximum; none where a limit holds."""
    free = pushing != 0
    values, directions = np.linalg.eigh(curvature[np.ix_(free, free)])
    step: Free = np.zeros(len(pushing))
    step[free] = -directions @ ((directions.T @ pushing[free]) / np.maximum(np.abs(values), LEAST_CURVATURE))
    return step


def _pushing(at: Free, gradient: Free) -> Free:
    """The gradient without what only pushes against a limit."""
    pinned = ((at <= AT_LIMIT - LIMIT) & (gradient > 0)) | ((at >= LIMIT - AT_LIMIT) & (gradient < 0))
    return np.where(pinned, 0.0, gradient)


def _curvature(likelihood: Likelihood, at: Free, width: float = 1e-4) -> Reals:
    """Second derivatives, by central differences of the gradient."""
    sides = [(likelihood(at + width * unit)[1] - likelihood(at - width * unit)[1]) / (2 * width) for unit in np.eye(len(at))]
    matrix: Reals = (np.array(sides) + np.array(sides).T) / 2
    return matrix


def _free(theta: Hyperparameters) -> Free:
    alpha1, beta1, alpha2, beta2, p = theta.values()
    free: Free = np.clip(np.array([*np.log([alpha1, beta1, alpha2, beta2]), logit(p)]), -LIMIT, LIMIT)
    return free


def _theta(free: Free) -> Hyperparameters:
    alpha1, beta1, alpha2, beta2 = (float(value) for value in np.exp(free[:4]))
    return Hyperparameters(alpha1, beta1, alpha2, beta2, float(expit(free[4]))).ordered()
