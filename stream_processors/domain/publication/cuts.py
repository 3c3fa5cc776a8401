"""Inequalities that every protected choice of hidden cells keeps: the programme begins with few and learns the others."""

from collections.abc import Iterable

import numpy as np
from scipy.sparse import csr_array

from stream_processors.domain.publication.attack import TOLERANCE, UNLIKELY, farthest
from stream_processors.domain.publication.linked_cells import LinkedCells, Mask, Vector


class Cuts:
    """Rows c with c . x >= 0, x = 1 where a cell is hidden. In each, the cell that is protected has the factor -1."""

    def __init__(self, cells: LinkedCells) -> None:
        self._cells = cells
        self._rows: dict[bytes, Vector] = {}
        self._from_sums()

    def matrix(self) -> csr_array:
        """All rows."""
        return csr_array(np.array(list(self._rows.values())).reshape(-1, self._cells.size))

    def require(self, cell: int, room: Vector) -> bool:
        """`room` must cover the width of this cell if it is hidden. False where that is nothing new."""
        need = self._cells.width[cell] - room[cell]
        if need <= TOLERANCE:
            return False
        row = np.where(self._cells.may, np.minimum(room / need, 1.0), 0.0)
        row[row < TOLERANCE] = 0.0
        row[cell] = -1.0
        return self._add(row)

    def require_more_than(self, cell: int, hidden: Mask) -> bool:
        """These hidden cells do not protect this one: at least one more is needed, or this one is shown."""
        row = np.where(self._cells.may & ~hidden, 1.0, 0.0)
        row[cell] = -1.0
        return self._add(row)

    def attack(self, cell: int, choice: Vector) -> bool:
        """Attack a cell under a choice, fractions allowed. True where that taught a new inequality that the choice breaks."""
        room = np.where(self._cells.may, np.maximum(choice, UNLIKELY), 0.0)
        price = sum((farthest(self._cells, cell, direction, room).price for direction in (1, -1)), np.zeros(self._cells.size))
        short = price @ choice < self._cells.width[cell] * choice[cell] - TOLERANCE
        return bool(short) and self.require(cell, price)

    def attack_all(self, cells: Iterable[int], choice: Vector) -> int:
        """Attack each of these cells under one choice; how many inequalities that taught."""
        return sum(self.attack(int(cell), choice) for cell in cells)

    def _from_sums(self) -> None:
        """A cell that is hidden alone in a sum is given back by subtraction."""
        system = self._cells.equations
        room = self._cells.up + self._cells.down
        for row in range(system.shape[0]):
            terms = system[[row], :].indices
            within = np.zeros(self._cells.size)
            within[terms] = room[terms]
            for cell in terms:
                if self._cells.may[cell] and self._cells.width[cell] > 0:
                    others = within.copy()
                    others[cell] = 0.0
                    self.require(int(cell), others)

    def _add(self, row: Vector) -> bool:
        key = np.round(row, 6).tobytes()
        new = key not in self._rows
        self._rows.setdefault(key, row)
        return new
