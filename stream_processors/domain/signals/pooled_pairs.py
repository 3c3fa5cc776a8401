"""The newest counts of every category and harm, pooled over providers, by kind of provider, setting and month.

All counts of one category and harm meet in one partition (docs/decisions/0003), so their sums are whole here, and what is
expected of a setting needs nothing else than these sums and the pinned shares. Sums follow each count by its difference:
taken in any order, cut in any way, the same counts give the same pool.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from schemas.records import Cell, CellCount
from schemas.taxonomy import Category, Harm, ProviderType, Setting
from stream_processors.domain.aggregation import UNKNOWN_MONTH
from stream_processors.domain.signals.pooled_rare_event import Pattern
from stream_processors.domain.signals.signal_parameters import Parameters

Kind = tuple[Category, Harm]
Key = tuple[str, Category, Harm, Setting]
"""Method, category, harm, setting: what a signal is about."""


class Tally:
    """One category and harm. A contributor without events any more stays, with a zero."""

    __slots__ = ("by_contributor", "events", "places")

    def __init__(self) -> None:
        self.places: dict[tuple[Cell, str, int], tuple[int, int]] = {}  # cell, contributor, source partition: version, count
        self.events: dict[tuple[ProviderType, Setting, str], int] = defaultdict(int)
        self.by_contributor: dict[Setting, dict[str, int]] = defaultdict(lambda: defaultdict(int))

    def take(self, said: CellCount) -> None:
        """Of each place the highest version counts."""
        place = said.cell, said.contributor, said.partition
        before = self.places.get(place, (-1, 0))
        if (said.version, said.count) <= before:
            return
        self.places[place] = said.version, said.count
        more = said.count - before[1]
        self.events[said.cell.provider_type, said.cell.setting, said.cell.month] += more
        self.by_contributor[said.cell.setting][said.contributor] += more


@dataclass(slots=True)
class Pool:
    """Every tally, and which signals this owner of the partition has said to be down. Changed in place.

    What another owner has said meanwhile is not known: then every touched signal is said again, raised or not.
    """

    tallies: dict[Kind, Tally] = field(default_factory=dict)
    down: set[Key] = field(default_factory=set)
    unsaid: bool = False


def fold(pool: Pool, counts: Sequence[CellCount], parameters: Parameters) -> set[Pattern]:
    """Takes the watched counts in and returns every pattern that they name."""
    if pool.unsaid:  # what was folded before was not said by this owner, so another one has said it
        pool.down.clear()
    pool.unsaid = True
    touched: set[Pattern] = set()
    for said in counts:
        cell = said.cell
        if cell.harm not in parameters.harms or cell.month == UNKNOWN_MONTH or cell.month < parameters.first_month:
            continue
        kind = (cell.category, cell.harm)
        tally = pool.tallies.get(kind)
        if tally is None:
            tally = pool.tallies[kind] = Tally()
        tally.take(said)
        touched.add((*kind, cell.month))
    return touched
