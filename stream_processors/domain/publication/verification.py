"""The attack once more, by another path: from the published numbers alone, in counts and not in moves, with whole counts.

Where the optimiser argues from differences and duals, this writes down what an outsider has, and asks for the least and the
greatest table that fits. An end of an interval is a table that exists, so what is reported is never too wide.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from stream_processors.domain.publication.linked_cells import LinkedCells, Mask, Vector

_SECONDS = 5.0
"""For one end of one interval. An end that was not proven by then stands where the solver was: nearer, so never too wide."""


@dataclass(frozen=True, slots=True, eq=False)
class Intervals:
    """What an attacker can at best narrow each cell to; a cell that is shown has its count as both ends."""

    low: Vector
    high: Vector

    def smallest(self, hidden: Mask) -> int | None:
        """The width of the narrowest interval of a hidden cell; None where nothing is hidden."""
        return int((self.high - self.low)[hidden].min()) if hidden.any() else None

    def too_narrow(self, hidden: Mask, width: Vector) -> list[int]:
        """The hidden cells that are not protected."""
        return [int(cell) for cell in np.flatnonzero(hidden & (self.high - self.low < width))]


def intervals(cells: LinkedCells, hidden: Mask) -> Intervals:
    """The least and greatest whole count of every hidden cell that has a width, under all that is known."""
    low, high = cells.counts.copy(), cells.counts.copy()
    unknown = np.flatnonzero(hidden)
    asked = [i for i, cell in enumerate(unknown) if cells.width[cell] > 0]
    system = cells.equations[:, unknown]
    shown = np.where(hidden, 0.0, cells.counts)
    fits = LinearConstraint(system, lb=-(cells.equations @ shown), ub=-(cells.equations @ shown))
    far = cells.counts[unknown] + cells.up[unknown], cells.counts[unknown] - cells.down[unknown]
    bounds = Bounds(np.maximum(cells.low[unknown], far[1]), np.minimum(cells.high[unknown], far[0]))
    for i in asked:
        aim = np.zeros(len(unknown))
        for sign, end in ((1.0, low), (-1.0, high)):
            aim[i] = sign
            found = milp(
                aim,
                constraints=fits,
                bounds=bounds,
                integrality=None if cells.integral else np.ones(len(unknown)),
                options={"time_limit": _SECONDS, "mip_rel_gap": 0.0},
            )
            if found.x is not None:
                end[unknown[i]] = round(float(found.x[i]))
    return Intervals(low, high)
