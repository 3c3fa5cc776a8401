"""`pso signals scan`: the interval of time, or the neighbourhood of providers, with the greatest excess of each series."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np

from stream_processors.cli import context, exit_codes
from stream_processors.cli.csv_tables import FILE, Row, UnusableFile, Wrong, rows, write
from stream_processors.domain.signals.false_discovery import adjusted
from stream_processors.domain.signals.scan_statistic import Cluster, Zones, scan
from stream_processors.domain.signals.scan_zones import intervals, neighbourhoods

HEADER = ("series", "units", "events", "expected", "log_likelihood_ratio", "p", "q", "told")


@dataclass(frozen=True, slots=True)
class Series:
    """What was seen and expected in each unit, the units in their order."""

    units: Sequence[str]
    events: Sequence[float]
    expected: Sequence[float]


@click.command("scan")
@click.argument("counts", type=FILE)
@click.argument("target", type=FILE)
@click.option("--graph", type=FILE, help="CSV: unit,neighbour. Units are providers and no periods.")
@click.option("--most", type=click.IntRange(1), help="Most units in a cluster. [default: half of them]")
@click.option("--ending-now", is_flag=True, help="Only intervals that end with the last period (prospective).")
@click.option("--simulations", type=click.IntRange(19, 99_999), default=999, show_default=True, help="Of chance, each series.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Of the simulations.")
@click.option(
    "--false-discoveries", "rate", type=click.FloatRange(0, 1), default=0.05, show_default=True, help="Share of false."
)
@click.option("--any-dependence", is_flag=True, help="Benjamini-Yekutieli instead of Benjamini-Hochberg.")
def scan_series(counts: Path, target: Path, graph: Path | None, **options: object) -> int:
    """Scan COUNTS (series,unit,events,expected) for the greatest excess of each series; one line each in TARGET.

    Units are periods: whole numbers, or texts that sort in their order, as 2024-05. With --graph they are providers, and a
    cluster is one of them with its neighbours. p is Kulldorff's, by simulation with the total held fixed, for the greatest
    excess anywhere; q is the false-discovery rate at which the series would be told among all series of the file. A cluster
    means: look. TARGET names units and is as protected as COUNTS.
    """
    series = _series(counts, _by_name if graph else _by_time)
    zones = _neighbourhoods(graph, options) if graph else _intervals(options)
    found = [_greatest(one, zones, options, place) for place, one in enumerate(series.values())]
    q = adjusted([cluster.p for cluster, _ in found], bool(options["any_dependence"])).tolist()
    told = [value <= float(str(options["rate"])) for value in q]
    write(target, HEADER, map(_line, series, found, q, told))
    context.say(f"{len(series)} series scanned, {sum(told)} told at a false-discovery rate of {options['rate']}")
    return exit_codes.OK


ZonesOf = Callable[[Series], Zones]


def _intervals(options: Mapping[str, object]) -> ZonesOf:
    return lambda series: intervals(len(series.units), _most(series, options), bool(options["ending_now"]))


def _neighbourhoods(graph: Path, options: Mapping[str, object]) -> ZonesOf:
    edges = {(row.text("unit"), row.text("neighbour")) for row in _checked(graph, ("unit", "neighbour"))}
    if options["ending_now"]:
        raise click.UsageError("--ending-now is for periods, and --graph for providers")

    def zones(series: Series) -> Zones:
        at = {unit: place for place, unit in enumerate(series.units)}
        known: dict[int, list[int]] = {}
        for one, other in sorted(edges | {(other, one) for one, other in edges}):
            if one in at and other in at:
                known.setdefault(at[one], []).append(at[other])
        return neighbourhoods(known, len(at), _most(series, options))

    return zones


def _most(series: Series, options: Mapping[str, object]) -> int:
    given = options["most"]
    return max(1, len(series.units) // 2) if given is None else min(int(str(given)), len(series.units))


def _greatest(series: Series, zones_of: ZonesOf, options: Mapping[str, object], place: int) -> tuple[Cluster, list[str]]:
    """The strongest cluster and its units; a series without any excess has none, and a p of 1."""
    zones, seed = zones_of(series), int(str(options["seed"])) + place
    found = scan(np.array(series.events), np.array(series.expected), zones, int(str(options["simulations"])), seed)
    if not found:
        return Cluster(0, 0.0, 0.0, 0.0, 1.0), []
    return found[0], [unit for unit, within in zip(series.units, zones[found[0].zone], strict=True) if within]


def _line(name: str, found: tuple[Cluster, list[str]], q: float, told: bool) -> tuple[object, ...]:
    cluster, units = found
    numbers = (int(cluster.events), round(cluster.expected, 6), round(cluster.log_likelihood_ratio, 6), cluster.p, q)
    return name, " ".join(units), *numbers, told


def _series(path: Path, order: Callable[[str], tuple[int, str]]) -> dict[str, Series]:
    found: dict[str, dict[str, tuple[float, float]]] = {}
    for row in _checked(path, ("series", "unit", "events", "expected")):
        units = found.setdefault(row.text("series"), {})
        if row.text("unit") in units:
            raise UnusableFile(f"{path.name}: {row.wrong('unit', 'a second time in its series').fault}")
        units[row.text("unit")] = _counted(path, row)
    if not found:
        raise UnusableFile(f"{path.name}: no rows")
    return {name: _sorted(units, order) for name, units in sorted(found.items())}


def _counted(path: Path, row: Row) -> tuple[float, float]:
    events, expected = row.real("events"), row.real("expected")
    if events < 0 or not events.is_integer():
        raise UnusableFile(f"{path.name}: {row.wrong('events', 'no whole number').fault}")
    if expected <= 0:
        raise UnusableFile(f"{path.name}: {row.wrong('expected', 'not above zero').fault}")
    return events, expected


def _checked(path: Path, columns: Sequence[str]) -> list[Row]:
    """All rows, each of these columns filled. One that is wrong would change the p of its series: nothing is left out."""
    found = list(rows(path, columns))
    try:
        for row in found:
            for column in columns:
                (row.real if column in ("events", "expected") else row.text)(column)
    except Wrong as error:
        raise UnusableFile(f"{path.name}: {error.fault}") from None
    return found


def _sorted(units: Mapping[str, tuple[float, float]], order: Callable[[str], tuple[int, str]]) -> Series:
    names = sorted(units, key=order)
    return Series(names, [units[name][0] for name in names], [units[name][1] for name in names])


def _by_time(unit: str) -> tuple[int, str]:
    return (int(unit), "") if unit.lstrip("-").isdecimal() else (0, unit)


def _by_name(unit: str) -> tuple[int, str]:
    return 0, unit
