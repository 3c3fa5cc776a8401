"""The counts of all contributors as a release needs them: per cell of its tables, and per contributor within it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from stream_processors.domain.publication.periods import Period
from stream_processors.domain.publication.release_plan import Key, Layout

_AXES = ("category", "harm", "report_type", "month", "provider_type", "setting")

Shares = Mapping[Key, Mapping[str, int]]
"""What each contributor counted in each cell; a cell that is not there counted nothing."""


@dataclass(frozen=True, slots=True, order=True)
class PooledCount:
    """How many events of one contributor a cell of the aggregate table holds. The cell is written as `Cell.key`."""

    cell: str
    contributor: str
    count: int

    @property
    def labels(self) -> Mapping[str, str]:
        """The label of each axis."""
        return dict(zip(_AXES, self.cell.split("/"), strict=True))


def within(counts: Iterable[PooledCount], period: Period) -> list[PooledCount]:
    """The counts of a period. An event whose month is unknown belongs to none."""
    return sorted(count for count in counts if count.count and period.holds(count.labels["month"]))


def shares(counts: Iterable[PooledCount], layouts: Iterable[Layout]) -> Shares:
    """The counts by cell of these tables, totals too, and by contributor."""
    wanted = {axes for layout in layouts for size in range(4) for axes in combinations(sorted(layout.axes), size)}
    found: dict[Key, dict[str, int]] = {}
    for count in counts:
        labels = count.labels
        for axes in wanted:
            cell = found.setdefault(tuple((axis, labels[axis]) for axis in axes), {})
            cell[count.contributor] = cell.get(count.contributor, 0) + count.count
    return found


def total(by_contributor: Mapping[str, int]) -> int:
    """The events of all contributors."""
    return sum(by_contributor.values())
