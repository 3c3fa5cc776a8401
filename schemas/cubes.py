"""The cubes: the few sets of dimensions in which events are counted beside the cells of `Cell`.

The product of all dimensions would give every event its own cell, and every event 2^n of them. A cube is one question that
somebody asks. Its cells are texts, `cube/member/member...`, in the order of its dimensions. A cube is never changed: another
set of dimensions or another meaning of a member is a cube of another name, and VERSION counts such changes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

VERSION = 1
"""Of this declaration. Of two contributions of one revision the newer declaration counts, so a replay puts it in force."""


@dataclass(frozen=True, slots=True)
class Cube:
    """A set of dimensions in their order, and those of which an event may have several members.

    Counts may be added up over a dimension of which an event has one member: no event is counted twice. Sums over the
    others count what was named, not events.
    """

    name: str
    dimensions: tuple[str, ...]
    several: frozenset[str] = frozenset()

    def cell(self, *members: str) -> str:
        """The cell of these members, one for each dimension: letters, digits and underscores, `-` in months."""
        if len(members) != len(self.dimensions):
            raise ValueError(f"cube {self.name} has {len(self.dimensions)} dimensions, not {len(members)}")
        return "/".join((self.name, *members))


EVENT = Cube("event", ("harm", "report_type", "state", "month"))
"""Every event once: what the others are shares of."""

STATE = Cube("state", ("category", "harm", "state", "month"), frozenset({"category"}))
"""Where, by what: the State or territory of the facility."""

MEDICATION = Cube("medication", ("stage", "incorrect_action", "harm", "month"), frozenset({"stage", "incorrect_action"}))
"""Medication events: the stage in which they began and what was done wrongly."""

DEVICE = Cube("device", ("device_kind", "category", "harm", "month"), frozenset({"device_kind", "category"}))
"""Events with devices, by kind of device."""

FACTOR = Cube("factor", ("contributing_factor", "category", "harm", "month"), frozenset({"contributing_factor", "category"}))
"""Events of which a contributing factor is told."""

CUBES = (EVENT, STATE, MEDICATION, DEVICE, FACTOR)
"""All of them."""


def members(cell: str) -> tuple[Cube, Sequence[str]]:
    """The cube and the members of a cell. Raises ValueError for a cell of no cube that is known here."""
    name, *found = cell.split("/")
    for cube in CUBES:
        if cube.name == name and len(found) == len(cube.dimensions):
            return cube, found
    raise ValueError("not a cell of a known cube")
