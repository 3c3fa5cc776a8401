"""A control chart: limits from its baseline, what lies outside them, and Anhoej's rules, anew after every rebase.

An excluded point is drawn and judged against the limits, but it makes no limit, no run and no crossing. A point whose y or n is
missing, or whose n is 0, is no point. Each rebase group has limits and runs of its own. Charts of individuals (i, xmr_nhs)
take y / n where every point of the chart has an n, and y where none has.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

import numpy as np

from stream_processors.domain.faults import Fault, Faulty
from stream_processors.domain.signals.anhoej import Runs, runs
from stream_processors.domain.signals.control_limits import LIMITS, MOVING, RATES, Floats, Limits, Mask

TOLERANCE = 1e-12
"""Relative: what is outside by rounding alone lies on the limit, and that is inside."""


@dataclass(frozen=True, slots=True)
class Point:
    """One point in time. `place` says where it stands in the input; y and n are NaN where they are missing."""

    place: str
    y: float
    n: float
    in_baseline: bool = True
    excluded: bool = False
    rebase_group: str = ""


@dataclass(frozen=True, slots=True)
class Charted:
    """A point on its chart; its runs are those of its rebase group. NaN where there is nothing to draw."""

    value: float
    centre: float
    lower: float
    upper: float
    out: bool
    runs: Runs


def chart(kind: str, points: Sequence[Point]) -> list[Charted]:
    """The points charted, in their order. Raises Faulty with every fault, each with the place of its point."""
    faults = list(_faults(kind, points))
    if faults:
        raise Faulty(faults)
    return [charted for _, part in groupby(points, attrgetter("rebase_group")) for charted in _part(kind, list(part))]


def _part(kind: str, points: Sequence[Point]) -> list[Charted]:
    y, n = _measured(kind, points)
    here, base = np.isfinite(y) & np.isfinite(n), _baseline(kind, points)
    found = LIMITS[kind](y, n, base)
    counted = here & ~np.array([point.excluded for point in points])
    series = runs(found.value[counted], float(found.centre[0]))
    levels = (found.value, found.centre, found.lower, found.upper)
    lines = zip(*(level.tolist() for level in levels), _outside(found), strict=True)
    return [Charted(value, centre, lower, upper, bool(out), series) for value, centre, lower, upper, out in lines]


def _outside(found: Limits) -> Mask:
    slack = TOLERANCE * np.maximum(np.abs(found.value), np.abs(found.centre))
    return (found.value > found.upper + slack) | (found.value < found.lower - slack)


def _measured(kind: str, points: Sequence[Point]) -> tuple[Floats, Floats]:
    y = np.array([point.y for point in points], float)
    n = np.array([point.n for point in points], float)
    n = np.where(n > 0, n, np.nan)
    if kind in RATES:
        return y, n
    return y / n if kind in INDIVIDUALS and np.isfinite(n).any() else y, np.ones(y.size)


def _baseline(kind: str, points: Sequence[Point]) -> Mask:
    y, n = _measured(kind, points)
    marked = np.array([point.in_baseline and not point.excluded for point in points], bool)
    return marked & np.isfinite(y) & np.isfinite(n)


def _faults(kind: str, points: Sequence[Point]) -> Iterator[Fault]:
    if not points:
        yield Fault("chart", "no points")
    wrong = [Fault(point.place, reason) for point in points if (reason := _wrong(kind, point))]
    if wrong:
        yield from wrong
        return
    if kind in INDIVIDUALS and 0 < sum(np.isfinite(point.n) for point in points) < len(points):
        yield Fault(points[0].place, "column n: some points of this chart have one and some have none")
        return
    groups = [(name, list(part)) for name, part in groupby(points, attrgetter("rebase_group"))]
    needed = 2 if kind in MOVING else 1
    for name, part in groups:
        if sum(other == name for other, _ in groups) > 1:
            yield Fault(part[0].place, "a rebase group is not in one piece")
        elif _baseline(kind, part).sum() < needed:
            yield Fault(part[0].place, f"this rebase group has fewer than {needed} baseline points")


INDIVIDUALS = frozenset({"i", "xmr_nhs"})

RULES: Sequence[tuple[frozenset[str], Callable[[Point], bool], str]] = (
    (RATES | INDIVIDUALS, lambda point: point.n < 0, "column n: negative"),
    (RATES | INDIVIDUALS, lambda point: point.n == 0 and point.y != 0, "column n: zero where something was counted"),
    (frozenset({"p", "pp"}), lambda point: point.y > point.n, "column y: more than n"),
    (frozenset({*RATES, "c", "g"}), lambda point: point.y < 0, "column y: a negative count"),
    (frozenset({"t"}), lambda point: point.y <= 0, "column y: a time between events is above zero"),
    (frozenset(LIMITS), lambda point: np.isinf(point.y) or np.isinf(point.n), "infinite"),
)
"""Charts, what may not be on them, and its name. Comparisons with NaN are false: a missing point is no fault."""


def _wrong(kind: str, point: Point) -> str | None:
    return next((reason for kinds, rule, reason in RULES if kind in kinds and rule(point)), None)
