"""One table under a policy: what is hidden, and what an attacker could still find out."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from stream_processors.domain.publication.count_tables import CountTable, Place
from stream_processors.domain.publication.cuts import Cuts
from stream_processors.domain.publication.knowledge import of_hidden
from stream_processors.domain.publication.linked_cells import Knowledge, LinkedCells, equations, linked_cells
from stream_processors.domain.publication.optimiser import Choice, Left, hides, optimise
from stream_processors.domain.publication.policy import Attacker, Policy
from stream_processors.domain.publication.sensitivity import sensitive
from stream_processors.domain.publication.verification import Intervals, intervals

Contributions = Mapping[Place, Sequence[int]]
"""What each contributor counted in a cell, where that is known."""

_CORRECTIONS = 25
"""How often a choice is rejected for whole counts before everything that may be hidden is."""


class Protection(StrEnum):
    """How well a table is protected."""

    FULL = "full"  # against the attacker of the policy
    STANDARD = "standard"  # hiding cells cannot protect it against one who knows the rule; it is against one who does not
    NONE = "none"  # hiding cells cannot protect it: the table must be coarser or stay


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A table with its hidden cells as None.

    `at_least`: no choice that is protected from the same attacker hides fewer cells. `at_least_standard`: the same of one
    that is protected from the standard attacker, where that was looked for. `exposed`: hidden cells that one who knows the
    rule narrows further than the policy wants.
    """

    table: CountTable
    published: tuple[int | None, ...]
    primary: int
    at_least: int
    smallest_interval: int | None
    protection: Protection
    exposed: int
    at_least_standard: int | None = None

    @property
    def hidden(self) -> int:
        """How many cells are hidden."""
        return sum(count is None for count in self.published)

    @property
    def complementary(self) -> int:
        """How many are hidden to protect others."""
        return self.hidden - self.primary

    @property
    def optimal(self) -> bool:
        """It is proven that fewer do not protect each other."""
        return self.hidden <= self.at_least


def suppress(table: CountTable, policy: Policy, left: Left, contributions: Contributions | None = None) -> Suppressed:
    """Hide what must be hidden and the fewest cells beside it, for the strongest attacker against whom hiding helps.

    Every hidden cell, margins too, keeps an interval of `policy.protection` counts at least, checked by an independent path.
    """
    informed = cells_of(table, replace(policy, attacker=Attacker.INFORMED), contributions)
    for attacker in dict.fromkeys((policy.attacker, Attacker.STANDARD)):
        cells = cells_of(table, replace(policy, attacker=attacker), contributions)
        found = protect(cells, left)
        if found is not None:
            protection = Protection.FULL if attacker is policy.attacker else Protection.STANDARD
            narrowed = 0 if attacker is Attacker.INFORMED else exposed(informed, found[0])
            return suppressed(table, cells, found, protection, narrowed)
    whole = everything(cells)
    return suppressed(table, cells, whole, Protection.NONE, exposed(informed, whole[0]))


Protected = tuple[Choice, Intervals]


def protect(cells: LinkedCells, left: Left, most: float = math.inf) -> Protected | None:
    """The best choice that withstands the independent attack, and its intervals. None: hiding cells does not help.

    No better one is looked for once more than `most` cells are proven to be needed.
    """
    cuts = Cuts(cells)
    for _ in range(_CORRECTIONS):
        choice = optimise(cells, cuts, left, most)
        if choice is None:
            return None
        hidden = choice.hidden > 0
        checked = intervals(cells, hidden)
        narrow = checked.too_narrow(hidden, cells.width)
        if not narrow:
            return choice, checked
        for cell in narrow:  # whole counts tell more than fractions: these cells alone do not protect it
            cuts.require_more_than(cell, hidden)
        if left() <= 0:
            break
    choice, checked = everything(cells)
    return (choice, checked) if not checked.too_narrow(choice.hidden > 0, cells.width) else None


def everything(cells: LinkedCells) -> Protected:
    """All that may be hidden, and what that leaves to know."""
    hidden = cells.may.astype(float)
    return Choice(hidden, hides(cells, cells.must.astype(float))), intervals(cells, cells.may)


def suppressed(table: CountTable, cells: LinkedCells, found: Protected, protection: Protection, narrowed: int) -> Suppressed:
    """The table with this choice; `narrowed`: how many of its cells are exposed to the informed attacker."""
    choice, checked = found
    hidden = choice.hidden > 0
    return Suppressed(
        table=table,
        published=tuple(None if cut else count for cut, count in zip(hidden, table.counts, strict=True)),
        primary=int(cells.must.sum()),
        at_least=choice.at_least,
        smallest_interval=checked.smallest(hidden),
        protection=protection,
        exposed=narrowed,
    )


def exposed(cells: LinkedCells, choice: Choice) -> int:
    """How many hidden cells of a choice the attacker of these linked cells narrows further than the policy wants."""
    hidden = choice.hidden > 0
    return len(intervals(cells, hidden).too_narrow(hidden, cells.width))


def cells_of(table: CountTable, policy: Policy, contributions: Contributions | None = None) -> LinkedCells:
    """The linear system of a table, with what the attacker of this policy knows of its cells."""
    system = equations([[*((part, 1) for part in parts), (total, -1)] for total, parts in table.sums()], len(table.counts))
    known = knowledge(table, policy, contributions)
    return linked_cells(np.array(table.counts, dtype=float), system, known, integral=table.ways == 2)


def knowledge(table: CountTable, policy: Policy, contributions: Contributions | None = None) -> Knowledge:
    """Which cells are sensitive, and what is known of a hidden one."""
    hidden = [
        of_hidden(count, sensitive(count, policy, None if contributions is None else contributions.get(place, ())), policy)
        for place, count in zip(table.places, table.counts, strict=True)
    ]
    may = np.array([cell.may for cell in hidden])
    return Knowledge(
        must=np.array([cell.must for cell in hidden]),
        may=may,
        low=np.array([cell.low for cell in hidden]),
        high=np.array([cell.high for cell in hidden]),
        width=np.where(may, float(policy.protection), 0.0),
    )
