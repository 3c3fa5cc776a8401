"""`pso signals draw`: a funnel of units, a forest of scored pairs, or a running MaxSPRT, as a picture."""

import math
from collections.abc import Callable
from pathlib import Path

import click

from stream_processors.cli import exit_codes
from stream_processors.cli.csv_tables import FILE, Row, UnusableFile, Wrong, rows, write_text
from stream_processors.domain.pictures.forest_plot import Pair, forest_plot
from stream_processors.domain.pictures.funnel_plot import funnel_plot
from stream_processors.domain.pictures.maxsprt_plot import maxsprt_plot
from stream_processors.domain.signals.maxsprt_looks import Plan, looks
from stream_processors.domain.signals.poisson_maxsprt import critical_value
from stream_processors.domain.signals.unattainable import Unattainable

LENGTH, FEWEST, ALPHA = click.FloatRange(0, 5000, min_open=True), click.IntRange(1, 1000), click.FloatRange(1e-7, 0.5)


@click.command("draw")
@click.argument("kind", type=click.Choice(["funnel", "proportions", "forest", "maxsprt"]))
@click.argument("source", type=FILE)
@click.argument("picture", type=FILE)
@click.option("--title", help="[default: the name of SOURCE]")
@click.option("--T", "horizon", type=LENGTH, default=10, show_default=True, help="maxsprt: events expected until the end.")
@click.option("--M", "fewest", type=FEWEST, default=4, show_default=True, help="maxsprt: fewest events of a signal.")
@click.option("--alpha", type=ALPHA, default=0.05, show_default=True, help="maxsprt: probability of a false signal.")
def draw(kind: str, source: Path, picture: Path, title: str | None, **design: float) -> int:
    """Draw SOURCE (CSV) as PICTURE (SVG).

    \b
    funnel       unit,y,n      rates of units of different size
    proportions  unit,y,n      the same where y is a part of n
    forest       what `pso signals score` wrote: pairs with the highest EB05
    maxsprt      events,expected, both cumulative, one row for each look
    """
    name = title or source.stem
    try:
        text = DRAWN[kind](name, source, design)
    except Wrong as error:
        raise UnusableFile(f"{source.name}: {error.fault}") from None
    write_text(picture, text)
    return exit_codes.OK


def _rates(title: str, source: Path, _design: dict[str, float]) -> str:
    return funnel_plot(title, [_unit(row, math.inf) for row in _some(source, ("unit", "y", "n"))], proportion=False)


def _proportions(title: str, source: Path, _design: dict[str, float]) -> str:
    return funnel_plot(title, [_unit(row, row.real("n")) for row in _some(source, ("unit", "y", "n"))], proportion=True)


def _unit(row: Row, most: float) -> tuple[str, float, float]:
    if row.real("n") <= 0:
        raise row.wrong("n", "not above zero")
    if not 0 <= row.real("y") <= most:
        raise row.wrong("y", "negative, or more than n")
    return row.text("unit"), row.real("y"), row.real("n")


def _forest(title: str, source: Path, _design: dict[str, float]) -> str:
    return forest_plot(title, [_pair(row) for row in _some(source, ("n", "eb05", "ebgm", "eb95"))])


def _pair(row: Row) -> Pair:
    names = list(row.cells.values())[:2]  # `score` writes the columns of exposure and event first, whatever they are called
    values = {column: row.real(column) for column in ("eb05", "ebgm", "eb95")}
    if not 0 < values["eb05"] <= values["ebgm"] <= values["eb95"]:
        raise row.wrong("eb05", "EB05, EBGM and EB95 are positive and grow")
    return Pair(names[0], names[1], row.real("n"), **values)


def _maxsprt(title: str, source: Path, design: dict[str, float]) -> str:
    found = _some(source, ("events", "expected"))
    fewest = int(design["fewest"])
    try:
        level = critical_value(design["horizon"], fewest, design["alpha"]).critical_value
        plan = Plan(level, design["horizon"], fewest)
        log = looks(plan, [(int(row.real("events")), row.real("expected")) for row in found])
    except (Unattainable, ValueError) as error:
        raise UnusableFile(f"{source.name}: {error}") from None
    if not log:
        raise UnusableFile(f"{source.name}: every look is beyond T")
    return maxsprt_plot(title, plan, log)


def _some(source: Path, columns: tuple[str, ...]) -> list[Row]:
    found = list(rows(source, columns))
    if not found:
        raise UnusableFile(f"{source.name}: no rows")
    return found


DRAWN: dict[str, Callable[[str, Path, dict[str, float]], str]] = {
    "funnel": _rates,
    "proportions": _proportions,
    "forest": _forest,
    "maxsprt": _maxsprt,
}
