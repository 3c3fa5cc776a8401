"""A protected choice without a proof that it is the best: add what an attacked cell needs, then take away what nobody needs."""

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import block_diag, csr_array, hstack, vstack

from stream_processors.domain.publication.attack import TOLERANCE, Witnesses, unprotected
from stream_processors.domain.publication.linked_cells import LinkedCells, Vector


def repaired(cells: LinkedCells, choice: Vector, witnesses: Witnesses) -> Vector | None:
    """This choice with more cells hidden until every hidden one is protected; None where no choice protects them."""
    hidden = choice.copy()
    while weak := unprotected(cells, hidden, witnesses, first_only=True):
        more = cheapest(cells, weak[0], hidden)
        if more is None:
            return None
        hidden = np.maximum(hidden, more)
    return hidden


def tidied(cells: LinkedCells, hidden: Vector, witnesses: Witnesses) -> Vector:
    """This choice without the cells that nobody needs; the dearest are tried first."""
    kept = hidden.copy()
    spare = np.flatnonzero((kept > 0) & ~cells.must)
    for cell in spare[np.lexsort((spare, -cells.cost[spare]))]:
        kept[cell] = 0.0
        if unprotected(cells, kept, witnesses, first_only=True):
            kept[cell] = 1.0
    return kept


def cheapest(cells: LinkedCells, cell: int, hidden: Vector) -> Vector | None:
    """Cells that together with the hidden ones let this one move by its width, at about the least cost.

    One linear programme over two moves, up and down, each as what is added and what is taken; its cost is linear in how
    far a shown cell moves (Kelly, Golden & Assad, Networks 22 (1992) 397-417).
    """
    may = np.flatnonzero(cells.may)
    system, size = cells.equations[:, may], len(may)
    whole = block_diag([hstack([system, -system])] * 2)
    here = np.flatnonzero(may == cell)[0]
    apart = np.zeros(4 * size)
    apart[[here, size + here, 2 * size + here, 3 * size + here]] = [1, -1, -1, 1]
    each = np.where(
        hidden[may] > 0, 0.0, cells.cost[may] / np.maximum(1.0, np.minimum(cells.up + cells.down, cells.width[cell]))[may]
    )
    limits = np.concatenate([cells.up[may], cells.down[may]] * 2)
    found = linprog(
        np.concatenate([each] * 4),
        A_eq=vstack([whole, csr_array(apart.reshape(1, -1))]),
        b_eq=np.append(np.zeros(whole.shape[0]), cells.width[cell]),
        bounds=np.column_stack([np.zeros(4 * size), limits]),
        method="highs",
    )
    if found.x is None:
        return None
    used = np.abs(found.x.reshape(4, size)).max(axis=0) > TOLERANCE
    more = np.zeros(cells.size)
    more[may[used]] = 1.0
    return more
