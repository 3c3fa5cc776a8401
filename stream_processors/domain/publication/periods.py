"""The calendar of releases: months and quarters, each with the day from which it may be released."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_QUARTER = re.compile(r"(\d{4})-Q([1-4])")


class Rhythm(StrEnum):
    """How long a period is."""

    MONTHLY = "monthly"
    QUARTERLY = "quarterly"


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """`first` and `last` month, YYYY-MM, both inclusive."""

    first: str
    last: str
    name: str

    def holds(self, month: str) -> bool:
        """Whether events of this month belong to it."""
        return self.first <= month <= self.last

    def overlaps(self, other: "Period") -> bool:
        """Whether a month is in both."""
        return self.first <= other.last and other.first <= self.last

    @property
    def rhythm(self) -> Rhythm:
        """A period of one month, or of three."""
        return Rhythm.MONTHLY if self.first == self.last else Rhythm.QUARTERLY

    def due(self, days_after: int) -> date:
        """The first day on which it may be released: so many days after its last day."""
        year, month = map(int, self.last.split("-"))
        return date(year + month // 12, month % 12 + 1, 1) + timedelta(days=days_after)


def period(name: str) -> Period | None:
    """The period of a name such as 2026-03 or 2026-Q1; None for anything else."""
    if _MONTH.fullmatch(name):
        return Period(name, name, name)
    if found := _QUARTER.fullmatch(name):
        year, last = found[1], 3 * int(found[2])
        return Period(f"{year}-{last - 2:02}", f"{year}-{last:02}", name)
    return None
