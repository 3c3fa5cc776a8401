"""`pso signals chart`: control charts of a file of points, each with its limits, its flags and, if wanted, its picture."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from operator import itemgetter
from pathlib import Path

import click

from stream_processors.cli import context, exit_codes
from stream_processors.cli.csv_tables import FILE, Row, UnusableFile, Wrong, rows, write, write_text
from stream_processors.domain.faults import Fault, Faulty
from stream_processors.domain.pictures.spc_chart import spc_chart
from stream_processors.domain.signals.control_chart import Charted, Point, chart
from stream_processors.domain.signals.control_limits import LIMITS

HEADER = ("chart_id", "point", "value", "cl", "lcl", "ucl", "out", "longest_run", "crossings", "runs_signal")

FIT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,80}")

Drawn = list[tuple[Row, Charted]]


@click.command("chart")
@click.argument("points", type=FILE)
@click.argument("out", type=FILE)
@click.option("--charts", "charts_file", type=FILE, required=True, help="CSV: chart_id,type; u up p pp c g t i xmr_nhs.")
@click.option("--svg", type=click.Path(path_type=Path, file_okay=False), help="Folder for a picture of each chart.")
def charts(points: Path, out: Path, charts_file: Path, svg: Path | None) -> int:
    """Chart every point of POINTS: chart_id,point,y,n,in_baseline,excluded,rebase_group; write its limits and flags to OUT.

    Points are numbers or days and are charted in their order, else in the order of the file. A chart with a fault is left
    out and told with row and column; the others go on, and the exit code is 3.
    """
    kinds, faults = _kinds(charts_file)
    by_chart: dict[str, list[Row]] = {}
    for row in rows(points, ("chart_id", "point", "y")):
        by_chart.setdefault(row.cells["chart_id"], []).append(row)
    faults += [Fault(charts_file.name, f"no type for the chart of {points.name} {found[0].place}")
               for name, found in by_chart.items() if name not in kinds]  # fmt: skip
    drawn: dict[str, Drawn] = {}
    for number, (name, kind) in enumerate(kinds.items(), 1):
        if name not in by_chart:
            faults.append(Fault(points.name, f"no points of chart {number} of {charts_file.name}"))
            continue
        try:
            drawn[name] = _chart(kind, by_chart[name])
        except Faulty as error:
            faults += [Fault(f"{points.name} {fault.place}", fault.reason) for fault in error.faults]
    write(out, HEADER, _lines(drawn))
    if svg is not None:
        _draw(svg, drawn, kinds)
    for fault in faults:
        context.say(f"pso: {fault}")
    context.say(f"{len(drawn)} charts of {len(kinds)}, {sum(map(_flagged, drawn.values()))} with a signal")
    return exit_codes.FOUND if faults else exit_codes.OK


def _kinds(path: Path) -> tuple[dict[str, str], list[Fault]]:
    kinds: dict[str, str] = {}
    faults = []
    for row in rows(path, ("chart_id", "type")):
        if row.cells["type"] not in LIMITS:
            faults.append(Fault(f"{path.name} {row.place}, column type", f"not one of {' '.join(LIMITS)}"))
        elif row.cells["chart_id"] in kinds:
            faults.append(Fault(f"{path.name} {row.place}, column chart_id", "a second time"))
        else:
            kinds[row.cells["chart_id"]] = row.cells["type"]
    return kinds, faults


def _chart(kind: str, found: Sequence[Row]) -> Drawn:
    points, faults = [], []
    for row in found:
        try:
            points.append(_point(row))
        except Wrong as error:
            faults.append(error.fault)
    if len({row.cells["point"] for row in found}) < len(found):
        faults.append(Fault(found[0].place, "a chart with the same point twice"))
    if faults:
        raise Faulty(faults)
    order = _order([row.cells["point"] for row in found])
    charted = chart(kind, [points[at] for at in order])
    return sorted(((found[at], done) for at, done in zip(order, charted, strict=True)), key=lambda pair: pair[0].number)


def _point(row: Row) -> Point:
    return Point(
        place=row.place,
        y=row.real_or_missing("y"),
        n=row.real_or_missing("n"),
        in_baseline=row.flag("in_baseline", default=True),
        excluded=row.flag("excluded", default=False),
        rebase_group=row.cells.get("rebase_group", ""),
    )


def _order(labels: Sequence[str]) -> list[int]:
    """Points that are all numbers, or all days, have an order of their own; others have that of the file."""
    for read in (float, date.fromisoformat):
        try:
            keys = [read(label) for label in labels]
        except ValueError:
            continue
        return [at for at, _ in sorted(enumerate(keys), key=itemgetter(1))]
    return list(range(len(labels)))


def _lines(drawn: dict[str, Drawn]) -> Iterator[Sequence[object]]:
    for name, points in drawn.items():
        for row, at in points:
            runs = at.runs
            numbers = (at.value, at.centre, at.lower, at.upper, at.out)
            yield (name, row.cells["point"], *numbers, runs.longest_run, runs.crossings, runs.signal)


def _draw(folder: Path, drawn: dict[str, Drawn], kinds: dict[str, str]) -> None:
    """A file for each chart, named after it where its name is fit for a file, else by its place in the file of charts."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnusableFile(f"{folder.name}: cannot be made ({error.strerror})") from None
    for number, (name, kind) in enumerate(kinds.items(), 1):
        if name in drawn:
            labelled = [(drawn[name][at][0].cells["point"], *_point_of(drawn[name][at])) for at in _in_order(drawn[name])]
            stem = name if FIT.fullmatch(name) else f"chart-{number}"
            write_text(folder / f"{stem}.svg", spc_chart(name, kind, labelled))


def _in_order(points: Drawn) -> list[int]:
    return _order([row.cells["point"] for row, _ in points])


def _point_of(drawn: tuple[Row, Charted]) -> tuple[Point, Charted]:
    return _point(drawn[0]), drawn[1]


def _flagged(points: Drawn) -> bool:
    return any(at.out or at.runs.signal for _, at in points)
