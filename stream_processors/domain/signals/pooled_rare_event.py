"""Rare events that are one at each provider and several in the pool: three in one month, from three providers, one each.

At 1 per 100,000 discharges one hospital of 20,000 a year sees such an event in 18 % of years and can conclude nothing; the
pool sees three. A signal means that somebody should look. It is no rate, it compares nobody, and it names no provider.
Where fewer contributors than the minimum are left, it is taken back and counts nobody.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from schemas.records import Cell, CellCount, Signal
from schemas.taxonomy import Category, Harm
from stream_processors.domain.aggregation import UNKNOWN_MONTH

METHOD = "pooled-rare-event 1"
FEWEST_EVENTS = 3
FEWEST_CONTRIBUTORS = 3
MOST_EVENTS_OF_ONE_CONTRIBUTOR = 1
WATCHED = frozenset({Harm.DEATH, Harm.SEVERE})

Pattern = tuple[Category, Harm, str]
"""Category, harm, month."""

Place = tuple[Cell, str, int]
"""Cell, contributor, source partition: what a count is the newest of."""


@dataclass(frozen=True, slots=True)
class Pool:
    """Of every pattern the newest (version, count) of each place, and the events of each contributor, which follow them.

    Its dictionaries are changed in place. A contributor without events any more stays, with a zero.
    """

    places: dict[Pattern, dict[Place, tuple[int, int]]] = field(default_factory=dict)
    events: dict[Pattern, dict[str, int]] = field(default_factory=dict)


def fold(pool: Pool, counts: Sequence[CellCount]) -> set[Pattern]:
    """Takes the counts in, the highest version of each place winning, and returns every pattern that they name."""
    touched: set[Pattern] = set()
    for record in counts:
        if record.cell.harm not in WATCHED or record.cell.month == UNKNOWN_MONTH:
            continue  # without a month there is no window in which three are many
        pattern = (record.cell.category, record.cell.harm, record.cell.month)
        touched.add(pattern)
        places, events = pool.places.setdefault(pattern, {}), pool.events.setdefault(pattern, {})
        place = (record.cell, record.contributor, record.partition)
        before, now = places.get(place, (-1, 0)), (record.version, record.count)
        if now > before:
            places[place] = now
            events[record.contributor] = events.get(record.contributor, 0) + record.count - before[1]
    return touched


def outputs(pool: Pool, touched: set[Pattern], partition: int, version: int) -> Iterator[Signal]:
    """For every touched pattern that holds or may once have held, whether it holds now.

    A pattern that held had enough contributors, and each still has a place here, if only with a zero: counts of zero are
    said and compaction keeps them. So nothing needs to be remembered to know what may have to be taken back.
    """
    for pattern in sorted(touched & pool.events.keys()):
        events = pool.events[pattern]
        if len(events) >= FEWEST_CONTRIBUTORS:
            yield _signal(pattern, [count for count in events.values() if count], partition, version)


def _signal(pattern: Pattern, events: Sequence[int], partition: int, version: int) -> Signal:
    category, harm, month = pattern
    shown = len(events) >= FEWEST_CONTRIBUTORS
    return Signal(
        method=METHOD,
        category=category,
        harm=harm,
        month=month,
        events=sum(events) if shown else 0,
        contributors=len(events) if shown else 0,
        raised=_holds(events),
        partition=partition,
        version=version,
    )


def _holds(events: Sequence[int]) -> bool:
    return sum(events) >= FEWEST_EVENTS and len(events) >= FEWEST_CONTRIBUTORS and max(events) <= MOST_EVENTS_OF_ONE_CONTRIBUTOR
