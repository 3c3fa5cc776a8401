"""One column of a sample as the rules see it: its name, its cells, and what they look like."""

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from producers.suggesting.dates import Dates, dates_of, time_formats

_AGE = re.compile(r"(?P<number>\d{1,3})(?:[.,]0+)?\s*(?P<unit>[A-Za-z.]{1,8})?")
_SHORT = 200
_SEPARATORS = (" - ", ": ", " – ", " | ")


@dataclass(frozen=True)
class Column:
    """`label` is the name to be understood; the cells stand in `column`, in rows that say `where`. Empty cells are left out."""

    label: str
    column: str
    cells: tuple[str, ...]
    rows: int
    where: tuple[tuple[str, str], ...] = ()
    varies: bool = False
    """Rows of one event say different things."""

    @cached_property
    def counts(self) -> Counter[str]:
        return Counter(self.cells)

    @cached_property
    def dates(self) -> Dates:
        return dates_of(self.cells)

    @cached_property
    def times(self) -> tuple[float, list[str]]:
        return time_formats(self.cells)

    @property
    def filled(self) -> float:
        return len(self.cells) / self.rows if self.rows else 0.0

    @property
    def unique(self) -> float:
        return len(self.counts) / len(self.cells) if self.cells else 0.0

    @cached_property
    def words(self) -> float:
        """Mean number of words in a cell."""
        return sum(count * len(text.split()) for text, count in self.counts.items()) / max(1, len(self.cells))

    @cached_property
    def fits_short(self) -> bool:
        return max(map(len, self.counts), default=0) <= _SHORT

    @cached_property
    def ages(self) -> float:
        """The share of cells that could be an age."""
        fitting = sum(n for text, n in self.counts.items() if (f := _AGE.fullmatch(text)) and int(f["number"]) <= 130)
        return fitting / max(1, len(self.cells))

    @cached_property
    def units(self) -> list[str]:
        """The units behind the numbers of a column of ages."""
        found = (_AGE.fullmatch(text) for text in self.counts)
        return sorted({one["unit"] for one in found if one and one["unit"]})

    @cached_property
    def decimals(self) -> bool:
        """Decimal commas beyond doubt: digits behind a comma that are not three."""
        return any(re.search(r"\d,\d{1,2}(?!\d)", text) for text in self.counts)

    @cached_property
    def separator(self) -> str | None:
        """What parts a code from its label in nearly every cell."""
        for mark in _SEPARATORS:
            if self.cells and sum(n for text, n in self.counts.items() if mark in text) >= 0.9 * len(self.cells):
                return mark
        return None

    @cached_property
    def list_separator(self) -> str | None:
        """What parts several values of one cell: with it there are far fewer different ones."""
        for mark in (";", "|", "\n", ","):
            several = sum(n for text, n in self.counts.items() if mark in text)
            parts = {part.strip() for text in self.counts for part in text.split(mark)}
            if several >= 0.02 * max(1, len(self.cells)) and len(parts) < 0.8 * len(self.counts) and len(parts) <= 60:
                return mark
        return None
