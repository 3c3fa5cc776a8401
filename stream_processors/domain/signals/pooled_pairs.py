"""The newest counts of every category and harm, pooled over providers, by kind of provider, setting and month.

All counts of one category and harm meet in one partition (docs/decisions/0003), so their sums are whole here, and what is
expected of a setting needs nothing else than these sums and the pinned shares. Sums follow each count by its difference:
taken in any order, cut in any way, the same counts give the same pool.
"""

from array import array
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

METHODS = ("gamma-poisson-shrinker 1", "information-component 1", "poisson-maxsprt 1")
"""What is asked of every setting of a category and harm (pair_signals.py)."""

PROVIDER_TYPES, SETTINGS = sorted(ProviderType), sorted(Setting)
_ROW = {kind: place * len(SETTINGS) for place, kind in enumerate(PROVIDER_TYPES)}
_COLUMN = {setting: place for place, setting in enumerate(SETTINGS)}
_NOTHING = bytes(8 * len(PROVIDER_TYPES) * len(SETTINGS))


class Tally:
    """One category and harm.

    `events`: of each month, in their order, a table of whole numbers: a row for each of PROVIDER_TYPES, a column for each of
    SETTINGS.
    `by_contributor`: of each of SETTINGS; a contributor without events any more stays, with a zero. `reporting`: how many have
    events there. `down`: for each of METHODS a byte for each of SETTINGS, 1 where this owner of the partition has said that
    there is no signal.
    """

    __slots__ = ("by_contributor", "down", "events", "places", "reporting")

    def __init__(self) -> None:
        self.places: dict[tuple[Cell, str, int], tuple[int, int]] = {}  # cell, contributor, source partition: version, count
        self.events: dict[str, array[int]] = {}
        self.by_contributor: list[dict[str, int]] = [{} for _ in SETTINGS]
        self.reporting: list[int] = [0 for _ in SETTINGS]
        self.down = bytearray(len(METHODS) * len(SETTINGS))

    def take(self, said: CellCount) -> None:
        """Of each place the highest version counts."""
        place = said.cell, said.contributor, said.partition
        before = self.places.get(place, (-1, 0))
        if (said.version, said.count) <= before:
            return
        self.places[place] = said.version, said.count
        more, cell, column = said.count - before[1], said.cell, _COLUMN[said.cell.setting]
        month = self.events.get(cell.month)
        if month is None:
            month = self.events[cell.month] = array("q", _NOTHING)
            self.events = dict(sorted(self.events.items()))
        month[_ROW[cell.provider_type] + column] += more
        contributors = self.by_contributor[column]
        held = contributors.get(said.contributor, 0)
        contributors[said.contributor] = held + more
        self.reporting[column] += (held + more > 0) - (held > 0)


@dataclass(slots=True)
class Pool:
    """Every tally. Changed in place.

    What another owner of the partition has said meanwhile is not known: then every touched signal is said again, raised or not.
    """

    tallies: dict[Kind, Tally] = field(default_factory=dict)
    unsaid: bool = False


def fold(pool: Pool, counts: Sequence[CellCount], parameters: Parameters) -> set[Pattern]:
    """Takes the watched counts in and returns every pattern that they name."""
    if pool.unsaid:  # what was folded before was not said by this owner, so another one has said it
        for owned in pool.tallies.values():
            owned.down[:] = bytes(len(owned.down))
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
