"""`pso signals score|fold`: disproportionate reporting in a file of reports, or in a stream of their corrections."""

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click

from schemas.spreadsheet import neutral
from stream_processors.cli import context, exit_codes
from stream_processors.cli.csv_rows import Row, UnreadableRow, rows
from stream_processors.cli.whole_file import whole_file
from stream_processors.domain.signals import folded_table, report_counts
from stream_processors.domain.signals.gamma_poisson_fit import Fit, NothingToFit, fit, log_likelihood
from stream_processors.domain.signals.hyperparameters import NAMES, Hyperparameters, InvalidHyperparameters
from stream_processors.domain.signals.pair_table import PairTable, ReportRow, tabulated
from stream_processors.domain.signals.report_counts import EventRows, ReportCounts
from stream_processors.domain.signals.scores import COLUMNS, scores

OPERATIONS = ("new", "correct", "remove")


@dataclass(frozen=True, slots=True)
class Names:
    """Which columns of the file say what."""

    report: str
    exposure: str
    event: str
    stratum: str | None

    @property
    def columns(self) -> tuple[str, ...]:
        """Those to be read."""
        return tuple(name for name in (self.report, self.exposure, self.event, self.stratum) if name is not None)

    def row(self, row: Row) -> ReportRow:
        """What the row says. A stratum may be empty: what is not known of a report is a stratum of its own."""
        stratum = "" if self.stratum is None else row.text(self.stratum)
        return ReportRow(row.filled(self.report), row.filled(self.exposure), row.filled(self.event), stratum)


def _options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        click.option("--theta", type=click.Path(path_type=Path), help="Hyperparameters, as JSON."),
        click.option("--stratum", help="Column by which the expectation is stratified."),
        click.option("--event", required=True, help="Column of the event."),
        click.option("--exposure", required=True, help="Column of the exposure."),
        click.option("--report", required=True, help="Column of the report's id: what is counted once."),
        click.argument("target", type=click.Path(path_type=Path, dir_okay=False)),
        click.argument("source", type=click.Path(path_type=Path, exists=True, dir_okay=False)),
    ):
        command = option(command)
    return command


@click.command()
@_options
def score(source: Path, target: Path, theta: Path | None, **names: Any) -> int:
    """Score every pair of exposure and event in SOURCE, write them to TARGET; both CSV.

    One row of SOURCE: a report names an exposure and an event. Counts are unique reports. Hyperparameters of EBGM and their
    log-likelihood are said on stderr as JSON; --theta FILE pins them (alpha1, beta1, alpha2, beta2, p).
    """
    chosen, pinned = _names(**names), _pinned(theta)
    table = tabulated(chosen.row(row) for row in rows(source, chosen.columns))
    return _scored(table, chosen, pinned, target)


@click.command()
@_options
def fold(source: Path, target: Path, theta: Path | None, **names: Any) -> int:
    """Fold the corrections and removals in SOURCE, then score what survives as `score` does.

    Columns of SOURCE: op (new, correct, remove), event_id, version, and those of the options, which a removal may leave empty.
    The highest version of an event counts, in whatever order the versions come. Of equal versions a removal counts before a
    report, and then the greater row.
    """
    chosen, pinned = _names(**names), _pinned(theta)
    counts = ReportCounts(stratified=chosen.stratum is not None)
    report_counts.fold(counts, _versions(source, chosen))
    return _scored(folded_table.table(counts), chosen, pinned, target)


def _names(report: str, exposure: str, event: str, stratum: str | None) -> Names:
    if exposure == event:
        raise click.UsageError("--exposure and --event name the same column")
    return Names(report, exposure, event, stratum)


def _versions(source: Path, names: Names) -> Iterator[EventRows]:
    for row in rows(source, ("op", "event_id", "version", *names.columns)):
        operation = row.text("op")
        if operation not in OPERATIONS:
            raise UnreadableRow(row.line, f"none of {', '.join(OPERATIONS)}", "op")
        removed = operation == "remove"
        said = () if removed else (names.row(row),)
        yield EventRows(row.filled("event_id"), (row.whole("version"),), removed, said)


def _pinned(path: Path | None) -> Hyperparameters | None:
    if path is None:
        return None
    try:
        given = json.loads(path.read_text(encoding="utf-8"))
        return Hyperparameters(*(float(given[name]) for name in NAMES))
    except OSError as error:
        raise click.UsageError(f"--theta cannot be read ({error.strerror})") from None
    except KeyError as error:
        raise click.UsageError(f"--theta: {error.args[0]} is missing") from None
    except InvalidHyperparameters as error:
        raise click.UsageError(f"--theta: {error}") from None
    except (ValueError, TypeError):
        raise click.UsageError(f"--theta: no JSON object with the numbers {', '.join(NAMES)}") from None


def _scored(table: PairTable, names: Names, pinned: Hyperparameters | None, target: Path) -> int:
    said, theta = _hyperparameters(table, pinned)
    columns = [column.tolist() for column in scores(table.counts, theta).values()]
    with whole_file(target) as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow((neutral(names.exposure), neutral(names.event), *COLUMNS))
        writer.writerows((*map(neutral, pair), *row) for pair, row in zip(table.pairs, zip(*columns, strict=True), strict=True))
    context.say(json.dumps(said))
    return exit_codes.OK if theta is not None or not table.pairs else exit_codes.FOUND


def _hyperparameters(table: PairTable, pinned: Hyperparameters | None) -> tuple[dict[str, Any], Hyperparameters | None]:
    """What is said of them, and those to score with: none where the fit cannot be trusted."""
    counts = table.counts
    if pinned is not None:
        found = log_likelihood(counts.n, counts.e, pinned)
        return asdict(pinned) | {"log_likelihood": found, "pinned": True, "pairs": len(counts)}, pinned
    try:
        best = fit(counts.n, counts.e)
    except NothingToFit:
        return dict.fromkeys((*NAMES, "log_likelihood")) | {"pinned": False, "pairs": 0}, None
    return _told(best), best.theta if best.converged else None


def _told(best: Fit) -> dict[str, Any]:
    found = asdict(best)
    theta: dict[str, Any] = found.pop("theta")
    return theta | {"log_likelihood": found.pop("log_likelihood"), "pinned": False} | found
