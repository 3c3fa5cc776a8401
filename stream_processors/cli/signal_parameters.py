"""`pso signals refit|activate`: new parameters of the streaming methods from the counts, and what they would change."""

import csv
import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from schemas.records import CellCount
from stream_processors.cli import context, exit_codes
from stream_processors.cli.whole_file import whole_file
from stream_processors.domain.signals.gamma_poisson_fit import NothingToFit
from stream_processors.domain.signals.refit import Change, Design, changes, refitted
from stream_processors.domain.signals.signal_parameters import Parameters, parse_parameters, written
from stream_processors.domain.signals.unattainable import Unattainable
from stream_processors.settings import Settings
from stream_processors.warehouse.current_counts import current_counts


class Month(click.ParamType):
    """YYYY-MM."""

    name = "month"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The text itself."""
        year, _, month = value.partition("-")
        if len(value) != 7 or not (year + month).isdecimal() or not "01" <= month <= "12":
            self.fail("is no month as YYYY-MM", param, ctx)
        return value


class NoParameters(click.ClickException):
    """The counts give no parameters that could be trusted; the message says why."""

    exit_code = exit_codes.FOUND


@click.command()
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--from", "learn_from", type=Month(), required=True, help="First month to learn from, YYYY-MM.")
@click.option("--until", "learn_until", type=Month(), required=True, help="Last month to learn from.")
@click.option("--watch-from", "first_month", type=Month(), required=True, help="First month that is watched.")
@click.option("--T", "horizon", type=click.FloatRange(0, 5000, min_open=True), default=50.0, show_default=True, help="MaxSPRT.")
@click.option("--M", "fewest", type=click.IntRange(1, 1000), default=4, show_default=True, help="Fewest events of MaxSPRT.")
@click.option("--alpha", type=click.FloatRange(1e-7, 0.5), default=0.05, show_default=True, help="Of MaxSPRT, for one setting.")
def refit(target: Path, **design: object) -> int:
    """Write new signal parameters to TARGET from the counts of the warehouse. Nothing changes until they are activated.

    Pinned are the prior of EBGM, the usual share of every setting, and the boundary of MaxSPRT. How the fit went is said on
    stderr as JSON. The same counts give the same bytes.
    """
    chosen = Design(**design)  # type: ignore[arg-type]  # click has checked them
    try:
        parameters, fit = refitted(_counts(context.settings(context.DATABASE)), chosen)
    except (NothingToFit, Unattainable) as error:
        raise NoParameters(str(error)) from None
    if not fit.converged:
        raise NoParameters("the prior could not be fitted: learn from more months")
    with whole_file(target) as out:
        out.write(written(parameters))
    context.say(json.dumps({"parameters": parameters.digest} | asdict(fit)))
    return exit_codes.OK


@click.command()
@click.argument("source", metavar="NEW", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--yes", is_flag=True, help="Really put them in force; without it nothing is written.")
def activate(source: Path, yes: bool) -> int:
    """Say which signals NEW would raise or take back at the counts of now, and with --yes put it in PSO_SIGNAL_PARAMETERS_FILE.

    One line for each: method, category, harm, setting, raised or taken back, score before, score after. Workers read the file
    when they start: restart them afterwards. Exit code 3 where a signal changes and --yes was not given.
    """
    settings = context.settings([*context.DATABASE, context.SIGNAL_PARAMETERS])
    target = Path(settings.text(context.SIGNAL_PARAMETERS))
    before = context.signal_parameters(settings) if target.exists() else None
    text = source.read_text(encoding="utf-8")
    after = parse_parameters(text)
    found = changes(_counts(settings), before, after)
    csv.writer(sys.stdout, lineterminator="\n").writerows(map(_told, found))
    context.say(f"{len(found)} signals change from {_name(before)} to {_name(after)}")
    if not yes:
        context.say("dry run; add --yes")
        return exit_codes.FOUND if found else exit_codes.OK
    with whole_file(target) as out:
        out.write(text)
    context.say("in force for workers that start from now on")
    return exit_codes.OK


def _counts(settings: Settings) -> list[CellCount]:
    return current_counts(settings.text("PSO_DATABASE_URL"), settings.database_password)


def _told(change: Change) -> tuple[object, ...]:
    return *change.key, "raised" if change.raised else "taken back", change.before, change.after


def _name(parameters: Parameters | None) -> str:
    return "none" if parameters is None else parameters.digest
