"""Cells that hang together by sums: one table, or several releases, as the linear system that an attacker would write down."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

Vector = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Terms = Sequence[tuple[int, int]]
"""One equation: (position of a cell, its factor); the sum of all terms is 0."""

_FARTHEST = 20.0
"""How far a count is moved at most, in widths asked for. More would prove nothing and costs the solver its accuracy."""


@dataclass(frozen=True, slots=True, eq=False)
class LinkedCells:
    """`must`: hidden in any case. `may`: may be hidden. `width`: what each hidden cell's interval has to span.

    `down`, `up`: how far a cell could be from its count for all that an attacker knows once it is hidden.
    `cost`: what hiding it costs; the whole parts are the number of cells, the fractions prefer small counts.
    `integral`: with whole counts every corner of the feasible set is whole (a table of two ways is a flow problem).
    """

    counts: Vector
    equations: csr_array
    must: Mask
    may: Mask
    low: Vector
    high: Vector
    width: Vector
    down: Vector
    up: Vector
    cost: Vector
    integral: bool

    @property
    def size(self) -> int:
        """How many cells."""
        return len(self.counts)


def equations(terms: Sequence[Terms], size: int) -> csr_array:
    """A sparse matrix with a row for every equation."""
    rows = [row for row, line in enumerate(terms) for _ in line]
    columns = [position for line in terms for position, _ in line]
    factors = [float(factor) for line in terms for _, factor in line]
    return csr_array((factors, (rows, columns)), shape=(len(terms), size))


@dataclass(frozen=True, slots=True, eq=False)
class Knowledge:
    """What is known of each cell beside the published counts, and what is asked for it."""

    must: Mask
    may: Mask
    low: Vector
    high: Vector
    width: Vector


def linked_cells(
    counts: Vector, system: csr_array, known: Knowledge, free: Mask | None = None, integral: bool = False
) -> LinkedCells:
    """The system with what follows from it. `free`: cells that cost nothing to hide, such as those hidden already."""
    farthest = _FARTHEST * max(1.0, float(known.width.max(initial=0.0)))
    hidden = known.must | known.may
    priced = known.may & ~known.must
    spread = counts / (2 * max(1.0, float(np.abs(counts[priced]).sum())))
    cost = np.where(priced, 1 + np.abs(spread), 1.0)
    if free is not None:
        cost = np.where(free, 0.0, cost)
    return LinkedCells(
        counts=counts,
        equations=system,
        must=known.must,
        may=hidden,
        low=known.low,
        high=known.high,
        width=known.width,
        down=np.where(hidden, np.minimum(counts - known.low, farthest), 0.0),
        up=np.where(hidden, np.minimum(known.high - counts, farthest), 0.0),
        cost=cost,
        integral=integral,
    )
