"""Whom a table is protected from where nobody chose: one who knows the rule, unless that hides far more than is usual.

Every cell that is hidden is a count that nobody learns from. The rule is public, so one who knows it (that a hidden small count
lies between 1 and the threshold) is to be expected and comes first. Where he would cost more than `MOST` times the cells that
the standard attacker needs, the standard one counts, and what is left of that allowance goes into hiding more from the other.
Measured in docs/decisions/0016-which-attacker-a-table-is-protected-from.md.
"""

import math
from dataclasses import replace

import numpy as np

from stream_processors.domain.publication.attack import Witnesses, unprotected
from stream_processors.domain.publication.count_tables import CountTable
from stream_processors.domain.publication.linked_cells import LinkedCells, Vector
from stream_processors.domain.publication.optimiser import Choice, Left, hides
from stream_processors.domain.publication.policy import Attacker, Policy
from stream_processors.domain.publication.repair import cheapest
from stream_processors.domain.publication.suppression import (
    Contributions,
    Protected,
    Protection,
    Suppressed,
    cells_of,
    everything,
    exposed,
    protect,
    suppressed,
)
from stream_processors.domain.publication.verification import intervals

MOST = 1.25
"""Times the fewest cells that protect from the standard attacker."""

_FIRST = 0.4
"""The share of the time in which the fewest for the standard attacker are looked for. It is the easier question."""


def weighed(table: CountTable, policy: Policy, left: Left, contributions: Contributions | None = None) -> Suppressed:
    """The table protected from the informed attacker (FULL) where `MOST` allows it, otherwise from the standard one (STANDARD).

    Never more than `MOST` times the fewest cells that the standard attacker needs are hidden, as far as that is proven.
    """
    informed, standard = (
        cells_of(table, replace(policy, attacker=whom), contributions) for whom in (Attacker.INFORMED, Attacker.STANDARD)
    )
    reserved = (1 - _FIRST) * left()
    plain = protect(standard, lambda: left() - reserved)
    if plain is None:
        plain, protection = everything(standard), Protection.NONE
        return suppressed(table, standard, plain, protection, exposed(informed, plain[0]))
    found, protection = _within(informed, standard, plain, left)
    narrowed = 0 if protection is Protection.FULL else exposed(informed, found[0])
    return replace(suppressed(table, standard, found, protection, narrowed), at_least_standard=plain[0].at_least)


def _within(informed: LinkedCells, standard: LinkedCells, plain: Protected, left: Left) -> tuple[Protected, Protection]:
    choice, _ = plain
    if not unprotected(informed, choice.hidden, Witnesses(informed), first_only=True):
        checked = intervals(informed, choice.hidden > 0)  # with whole counts he may know more
        if not checked.too_narrow(choice.hidden > 0, informed.width):
            return (choice, checked), Protection.FULL
    most = math.floor(MOST * choice.at_least)
    safe = protect(informed, left, most)
    if safe is not None and hides(informed, safe[0].hidden) <= most:
        return safe, Protection.FULL
    hidden = _less_exposed(informed, standard, choice.hidden, most)
    checked = intervals(standard, hidden > 0)
    if checked.too_narrow(hidden > 0, standard.width):
        return plain, Protection.STANDARD
    return (Choice(hidden, choice.at_least), checked), Protection.STANDARD


def _less_exposed(informed: LinkedCells, standard: LinkedCells, hidden: Vector, most: int) -> Vector:
    """This choice with more cells hidden, `most` in all, as long as that leaves fewer of them exposed."""
    seen, seen_standard = Witnesses(informed), Witnesses(standard)
    weak = unprotected(informed, hidden, seen)
    for cell in tuple(weak):
        more = cheapest(informed, cell, hidden) if cell in weak else None
        if more is None:
            continue
        tried = np.maximum(hidden, more)
        if tried.sum() > most or unprotected(standard, tried, seen_standard, first_only=True):
            continue
        still = unprotected(informed, tried, seen)
        if len(still) < len(weak):
            hidden, weak = tried, still
    return hidden
