"""Which column fills which field: every pair gets a score from name and cells, the best pairs win one after another."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from producers.fields import names_of
from producers.suggesting.column import Column
from producers.suggesting.layout import Layout
from producers.suggesting.picklists import VOCABULARIES, Picked, picked
from producers.suggesting.words import Target, name_score, targets

SURE = 0.62
WORTH_ASKING = 0.5
_BY_NAME = 0.6
_RECOGNISED_BY_VALUES = 0.85
_UNPROTECTED = {"contributing_factors", "medications", "devices"}
"""Lists that leave with every grade: a column goes there by its name, never by the look of its cells."""


@dataclass(frozen=True, slots=True)
class Match:
    """A column for a field. `score` from 0 to 1; `picked` for pick-lists."""

    target: Target
    column: Column
    score: float
    evidence: str
    picked: Picked | None = None


def matches(layout: Layout) -> list[Match]:
    """Each field and each column at most once; the certain ones first. A date column may later give the time too."""
    pairs = sorted(_pairs(layout), key=lambda match: (-match.score, match.target.to, match.column.label))
    found: list[Match] = []
    columns: set[tuple[str, tuple[tuple[str, str], ...]]] = set()
    fields: set[str] = set()
    for match in pairs:
        place = (match.column.column, match.column.where)
        if place not in columns and match.target.to not in fields:
            found.append(match)
            columns.add(place)
            fields.add(match.target.to)
    return found


def _pairs(layout: Layout) -> Iterator[Match]:
    longest = max((column.words for column in layout.columns), default=0.0)
    for column in layout.columns:
        if not column.cells:
            continue
        for target in targets():
            match = _match(target, column, layout, longest)
            if match is not None and match.score >= WORTH_ASKING:
                yield match


def _match(target: Target, column: Column, layout: Layout, longest: float) -> Match | None:
    name = name_score(column.label, target)
    if target.to == "external_id" and layout.key is not None and column.label != layout.key:
        return None
    found = picked(column, target.to) if target.kind == "pick" or target.kind == "flag" else None
    cells, told = _cells(target, column, found, layout)
    if cells < 0.5 or (name < 0.5 and names_of(target.to)[0] in _UNPROTECTED):
        return None
    if name < 0.4 and not _by_cells(target, column, found, longest):
        return None
    score = _BY_NAME * name + (1 - _BY_NAME) * cells
    if name < 0.4:
        score = max(score, 0.65 * cells)
    return Match(target, column, round(score, 2), f"name {name:.2f}, cells {cells:.2f}: {told}", found)


def _by_cells(target: Target, column: Column, found: Picked | None, longest: float) -> bool:
    """Fields that cells alone can show: long words, and pick-lists of which nearly every value is known."""
    if target.to == "narratives.description":
        return column.words >= 6 and column.words == longest
    wanted = ("categories[]", "harm", "report_type")
    return found is not None and target.to in wanted and found.share >= _RECOGNISED_BY_VALUES and _distinct(column) >= 3


def _distinct(column: Column) -> int:
    return len(column.counts)


def _cells(target: Target, column: Column, found: Picked | None, layout: Layout) -> tuple[float, str]:
    if found is not None:
        told = f"{found.share:.0%} of the rows hold a known value of {found.crosswalk or VOCABULARIES[target.to]}"
        return found.share, told
    return _JUDGES[target.kind](column, layout)


def _id(column: Column, layout: Layout) -> tuple[float, str]:
    if layout.key == column.label:
        return 1.0, "its rows stand together"
    if column.filled < 0.95 or not column.fits_short:
        return 0.0, "not in every row"
    return (column.unique if column.unique > 0.98 else 0.0), f"{column.unique:.1%} different"


def _date(column: Column, _layout: Layout) -> tuple[float, str]:
    return column.dates.share, f"{column.dates.share:.0%} dates; {column.dates.proof}"


def _time(column: Column, _layout: Layout) -> tuple[float, str]:
    return column.times[0], f"{column.times[0]:.0%} times of day"


def _text(column: Column, _layout: Layout) -> tuple[float, str]:
    return min(1.0, column.words / 5), f"{column.words:.0f} words a cell"


def _short(column: Column, _layout: Layout) -> tuple[float, str]:
    plain = column.dates.share < 0.5 and column.fits_short
    return (
        max(0.3, 1 - max(0.0, column.words - 5) / 5) if plain else 0.0
    ), f"{column.words:.0f} words a cell, none over 200 characters"


def _age(column: Column, _layout: Layout) -> tuple[float, str]:
    return column.ages, f"{column.ages:.0%} numbers up to 130"


_JUDGES: dict[str, Callable[[Column, Layout], tuple[float, str]]] = {
    "id": _id, "date": _date, "time": _time, "text": _text, "short": _short, "list": _short, "person": _short, "age": _age,
}  # fmt: skip
