"""The attack by linear programming: how far a hidden count could be from what it is, for all that the attacker knows."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog

from stream_processors.domain.publication.linked_cells import LinkedCells, Vector

TOLERANCE = 1e-6

UNLIKELY = 1e-3
"""Capacity lent to cells that are shown: it makes the solver prefer, among equal proofs, those that need few of them."""


@dataclass(frozen=True, slots=True, eq=False)
class Move:
    """`far`: how far the cell moved. `by_cell`: how every cell moved with it. `price`: what room in each would add."""

    far: float
    by_cell: Vector
    price: Vector


def farthest(cells: LinkedCells, cell: int, direction: int, room: Vector) -> Move:
    """Move `cell` up (+1) or down (-1) as far as the sums allow, each cell within its `room` (a share of down and up).

    The price is the dual: for any room r at all, the cell moves no farther than price . r (Fischetti & Salazar,
    Management Science 47 (2001) 1008-1027, attacker subproblem and its dual).
    """
    there = np.flatnonzero(room > 0)
    aim = np.where(there == cell, -float(direction), 0.0)
    bounds = np.column_stack([-cells.down[there] * room[there], cells.up[there] * room[there]])
    system = cells.equations[:, there]
    found = linprog(aim, A_eq=system, b_eq=np.zeros(system.shape[0]), bounds=bounds, method="highs")
    if found.x is None:
        raise ArithmeticError(f"the linear programme of a cell has no answer: {found.message}")
    by_cell = np.zeros(cells.size)
    by_cell[there] = found.x
    return Move(-float(found.fun), by_cell, _price(cells, cell, direction, np.asarray(found.eqlin.marginals)))


def _price(cells: LinkedCells, cell: int, direction: int, potentials: Vector) -> Vector:
    reduced = np.asarray(cells.equations.T @ potentials)
    reduced[cell] += direction
    price: Vector = np.where(reduced > 0, reduced * cells.up, -reduced * cells.down)
    return np.where(price < TOLERANCE / 100, 0.0, price)


class Witnesses:
    """Moves that are possible while certain cells are hidden: they show that cells are protected without asking again."""

    def __init__(self, cells: LinkedCells) -> None:
        self._cells = cells
        self._moves: list[Vector] = []

    def add(self, move: Vector) -> None:
        """Keeps a move."""
        self._moves.append(np.where(np.abs(move) < TOLERANCE, 0.0, move))

    def widths(self, hidden: Vector) -> Vector:
        """What the moves that touch nothing but these hidden cells show of every cell's width."""
        low, high = np.zeros(self._cells.size), np.zeros(self._cells.size)
        for move in self._moves:
            if not move[hidden == 0].any():
                np.minimum(low, move, out=low)
                np.maximum(high, move, out=high)
        return high - low


def unprotected(cells: LinkedCells, hidden: Vector, witnesses: Witnesses, first_only: bool = False) -> list[int]:
    """Hidden cells that an attacker can narrow to less than their width. New witnesses are added."""
    wide = witnesses.widths(hidden) >= cells.width - TOLERANCE
    found = []
    for cell in np.flatnonzero((hidden > 0) & ~wide):
        if wide[cell]:
            continue
        moves = [farthest(cells, int(cell), direction, hidden).by_cell for direction in (1, -1)]
        for move in moves:
            witnesses.add(move)
        if moves[0][cell] - moves[1][cell] < cells.width[cell] - TOLERANCE:
            found.append(int(cell))
            if first_only:
                break
        wide |= witnesses.widths(hidden) >= cells.width - TOLERANCE
    return found
