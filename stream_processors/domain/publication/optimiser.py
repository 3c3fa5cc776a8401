"""The fewest cells to hide: an integer programme that learns its inequalities from attacks (Fischetti & Salazar 2001)."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from stream_processors.domain.publication.attack import TOLERANCE, Witnesses, unprotected
from stream_processors.domain.publication.cuts import Cuts
from stream_processors.domain.publication.linked_cells import LinkedCells, Vector
from stream_processors.domain.publication.repair import repaired, tidied

Left = Callable[[], float]
"""Seconds that are left. The domain has no clock; whoever calls has one."""

_RELAXED_ROUNDS = 10
_NODES = 50_000
"""A limit on the work of one programme that is the same on every machine."""


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """`hidden` is 1 where a cell is hidden. No protected choice hides fewer than `at_least` cells."""

    hidden: Vector
    at_least: int

    def is_proven(self, cells: LinkedCells) -> bool:
        """No protected choice hides fewer cells."""
        return hides(cells, self.hidden) <= self.at_least


def hides(cells: LinkedCells, hidden: Vector) -> int:
    """How many cells a choice hides, those left out that cost nothing."""
    return int(((hidden > 0) & (cells.cost > 0)).sum())


def optimise(cells: LinkedCells, cuts: Cuts, left: Left, most: float = math.inf) -> Choice | None:
    """The fewest hidden cells that protect each other; among equals about the smallest counts. None: nothing protects them.

    When no time is left, or more than `most` are proven to be needed, a choice that is protected but perhaps not the best.
    """
    witnesses = Witnesses(cells)
    best = _starting(cells, cuts, witnesses, left)
    if best is None:
        return None
    at_least = hides(cells, cells.must.astype(float))
    while True:
        found, bound = _solve(cells, cuts, left, whole=True)
        at_least = max(at_least, bound)
        if hides(cells, best) <= at_least or found is None or at_least > most:
            break
        attacked = _learn(cells, cuts, found, witnesses)
        best = _better(cells, found, witnesses, best)
        if not attacked:
            break
        if left() <= 0:
            break
    return Choice(best, at_least)


def _starting(cells: LinkedCells, cuts: Cuts, witnesses: Witnesses, left: Left) -> Vector | None:
    """Teaches the relaxed programme, and repairs what it prefers."""
    choice = cells.must.astype(float)
    for _ in range(_RELAXED_ROUNDS):
        found, _ = _solve(cells, cuts, left, whole=False)
        if found is None:
            break
        choice = found
        if not cuts.attack_all(np.flatnonzero(choice > 0.3), choice) or left() <= 0:
            break
    whole = repaired(cells, (choice > 0.5).astype(float), witnesses)
    return None if whole is None else tidied(cells, whole, witnesses)


def _learn(cells: LinkedCells, cuts: Cuts, choice: Vector, witnesses: Witnesses) -> bool:
    """Whether the choice can be attacked; if so, inequalities that forbid it."""
    weak = unprotected(cells, choice, witnesses)
    if weak and not cuts.attack_all(weak, choice):
        for cell in weak:  # the preference among proofs hid the one that was needed
            cuts.require_more_than(cell, choice > 0)
    return bool(weak)


def _better(cells: LinkedCells, choice: Vector, witnesses: Witnesses, best: Vector) -> Vector:
    """The cheaper of two choices, the first one made whole."""
    whole = repaired(cells, choice, witnesses)
    if whole is None:
        return best
    whole = tidied(cells, whole, witnesses)
    return whole if float(cells.cost @ whole) < float(cells.cost @ best) - TOLERANCE else best


def _solve(cells: LinkedCells, cuts: Cuts, left: Left, whole: bool) -> tuple[Vector | None, int]:
    """What the programme prefers now, and the fewest cells that any choice under its inequalities hides."""
    free = cells.may & ~cells.must
    found = milp(
        cells.cost,
        constraints=LinearConstraint(cuts.matrix(), lb=-TOLERANCE),
        integrality=np.where(free, 1, 0) if whole else None,
        bounds=Bounds(cells.must.astype(float), cells.may.astype(float)),
        options={"time_limit": max(0.05, left()), "node_limit": _NODES, "mip_rel_gap": 0.0},
    )
    bound = found.mip_dual_bound if whole and found.mip_dual_bound is not None else (found.fun or 0.0)
    fewest = math.ceil(bound - 0.5 - 1e-4) if bound is not None and math.isfinite(bound) else 0  # fractions sum to 0.5
    if found.x is None:
        return None, fewest
    return (np.round(found.x) if whole else np.asarray(found.x)), fewest
