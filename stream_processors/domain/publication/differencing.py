"""The differencing guard: a new release as linked cells, with what its revisions before it let be subtracted.

An attacker subtracts a release from the one that revises it. A difference that is small, or that few contributors explain, is
a small cell: events that were added, or a provider that joined or left. So the new release hides every cell whose difference
is delicate, and all tables of it are one system: two tables that share a total share its cell.

Between two revisions nothing else is known for certain, so their systems meet in the differences alone: a difference is as
wide as the widest of its two ends. But most counts do not change, and everybody knows that: what a revision hides stays hidden.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from stream_processors.domain.publication.count_tables import sums_of
from stream_processors.domain.publication.knowledge import CellKnowledge, of_hidden
from stream_processors.domain.publication.linked_cells import Knowledge, LinkedCells, Terms, equations, linked_cells
from stream_processors.domain.publication.policy import Attacker, Policy
from stream_processors.domain.publication.pooled_counts import Shares, total
from stream_processors.domain.publication.release_plan import Key, Layout
from stream_processors.domain.publication.sensitivity import Sensitive, sensitive


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of one release, and what each contributor counted in their cells."""

    layouts: tuple[Layout, ...]
    shares: Shares

    def cells(self) -> list[Key]:
        """Every cell, each once, in the order of the tables."""
        return list(dict.fromkeys(layout.key(place) for layout in self.layouts for place in layout.places()))

    def count(self, key: Key) -> int:
        """The events in a cell."""
        return total(self.shares.get(key, {}))


@dataclass(frozen=True, slots=True)
class Revised:
    """An earlier release of the same period: what it was made from, and what it published, None where it hid."""

    shares: Shares
    shown: Mapping[Key, int | None]


def linked_release(new: Tables, revised: Sequence[Revised], policy: Policy) -> LinkedCells:
    """The cells of the new release in the order of `new.cells()`, with what must be hidden and what is known of it then."""
    keys = new.cells()
    known = [_known(new, key, revised, policy) for key in keys]
    may = np.array([cell.may for cell in known])
    everything = Knowledge(
        must=np.array([cell.must for cell in known]),
        may=may,
        low=np.array([cell.low for cell in known]),
        high=np.array([cell.high for cell in known]),
        width=np.where(may, float(policy.protection), 0.0),
    )
    system = equations(list(_sums(new, keys)), len(keys))
    return linked_cells(np.array([float(new.count(key)) for key in keys]), system, everything)


def difference(new: Shares, before: Shares, key: Key, policy: Policy) -> Sensitive | None:
    """Why the difference of a cell between two releases may not be known, or None. No difference at all may be known."""
    mine, theirs = new.get(key, {}), before.get(key, {})
    changes = [mine.get(who, 0) - theirs.get(who, 0) for who in sorted(mine.keys() | theirs.keys())]
    changed = sum(changes)
    return None if changed == 0 else sensitive(abs(changed), policy, [abs(change) for change in changes])


def _known(new: Tables, key: Key, revised: Sequence[Revised], policy: Policy) -> CellKnowledge:
    count = new.count(key)
    known = of_hidden(count, sensitive(count, policy, list(new.shares.get(key, {}).values())), policy)
    for before in revised:
        if key not in before.shown:
            continue
        shown = before.shown[key]
        if shown is None:
            known = replace(known, must=known.must or known.may)
        elif (why := difference(new.shares, before.shares, key, policy)) is not None:
            known = _guarded(known, count, shown if why is Sensitive.SMALL else None, policy)
    return known


def _guarded(known: CellKnowledge, count: int, near: int | None, policy: Policy) -> CellKnowledge:
    """Hidden for its difference, also where it is zero. Who knows the rule knows that a small difference is one."""
    low, high = min(known.low, count), known.high
    if near is not None and policy.attacker is Attacker.INFORMED:
        low, high = max(low, near - policy.threshold), min(high, near + policy.threshold)
    return CellKnowledge(True, True, low, high)


def _sums(new: Tables, keys: Sequence[Key]) -> Iterator[Terms]:
    """The totals of every table. Tables that share a total say the same of it, once each."""
    at = {key: position for position, key in enumerate(keys)}
    for layout in new.layouts:
        places = list(layout.places())
        for whole, parts in sums_of(places):
            yield [*((at[layout.key(places[p])], 1) for p in parts), (at[layout.key(places[whole])], -1)]
