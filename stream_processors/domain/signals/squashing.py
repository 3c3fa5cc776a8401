"""Data squashing: many pairs of one count and nearly one expectation become one weighted point.

Source: DuMouchel and Pregibon 2001, KDD '01, pp. 67-76, section 3.3; the points of the greatest expectations are kept apart,
as in openEBGM (`squashData`), because there neighbours are far from each other.
"""

from dataclasses import dataclass

import numpy as np

from stream_processors.domain.signals.contingency import Reals, Wholes

FEWEST = 200
"""Pairs of one count below which none of them is squashed."""
KEPT = 50
"""Pairs of the greatest expectations that stay single."""
BINS = 100
"""Points that the others of this count become at most."""


@dataclass(frozen=True, slots=True)
class Points:
    """Counts, expectations and how many pairs each point stands for; arrays of one length."""

    n: Wholes
    e: Reals
    weight: Reals

    def __len__(self) -> int:
        """How many points."""
        return len(self.n)


def unsquashed(n: Wholes, e: Reals) -> Points:
    """Every pair as a point."""
    return Points(n, e, np.ones(len(n)))


def squashed(n: Wholes, e: Reals) -> Points:
    """Weighted points in the order of count and expectation; the weights add up to the number of pairs."""
    order = np.lexsort((e, n))
    n, e = n[order], e[order]
    starts = np.flatnonzero(np.diff(n, prepend=n[:1] - 1))
    sizes = np.diff(np.append(starts, len(n)))
    edges = np.concatenate([start + _edges(size) for start, size in zip(starts, sizes, strict=True)])
    weight = np.diff(np.append(edges, len(n))).astype(np.float64)
    return Points(n[edges], np.add.reduceat(e, edges) / weight, weight)


def _edges(size: int) -> Wholes:
    """Where the points of so many pairs of one count begin."""
    if size < FEWEST:
        return np.arange(size)
    many = size - KEPT
    width = -(-many // BINS)
    return np.concatenate([np.arange(0, many, width), np.arange(many, size)])
