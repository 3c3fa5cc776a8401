"""`pso publish plan|diff|release`: the counts of a period, as they may leave now."""

import csv
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import msgspec

from schemas.grades import Grade
from schemas.spreadsheet import neutral
from stream_processors.cli import context, exit_codes
from stream_processors.cli.publish_send import NEEDED, complete
from stream_processors.domain.faults import Fault
from stream_processors.domain.publication.periods import period as period_named
from stream_processors.domain.publication.release import (
    Release,
    changes,
    made,
    refuse_undetermined,
    refuse_untimely,
    refuse_weaker,
)
from stream_processors.domain.publication.release_plan import ReleasePlan, parse_plan
from stream_processors.lawfulness import PERMITTED, Unlawful
from stream_processors.runtime.clock import monotonic, today
from stream_processors.warehouse.releases import Decision, Held, add, held

plan_file = click.argument("source", metavar="PLAN", type=click.Path(path_type=Path, exists=True, dir_okay=False))
period_option = click.option("--period", "name", required=True, help="Such as 2026-03 or 2026-Q1.")
revise_option = click.option("--revise", is_flag=True, help="Make a numbered revision of a period that was released.")
limit_option = click.option("--time-limit", type=click.FloatRange(min=0), default=60.0, show_default=True, help="Seconds.")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A release that could be made, and what the warehouse held when it was."""

    plan: ReleasePlan
    release: Release
    held: Held


@click.command()
@plan_file
@period_option
@revise_option
@limit_option
@context.json_option
def plan(source: Path, name: str, revise: bool, time_limit: float, as_json: bool) -> None:
    """Say what PLAN would release of a period now. Nothing is written; exit code 5 where it may not be released."""
    prepared = _prepared(source, name, revise, time_limit)
    _print(prepared, as_json)


@click.command()
@plan_file
@period_option
@limit_option
@context.json_option
def diff(source: Path, name: str, time_limit: float, as_json: bool) -> int:
    """Say what a revision of a period would change of what was published; exit code 3 where it changes anything.

    One line for each cell: table, row, column, layer, before, after. A hidden count is empty.
    """
    prepared = _prepared(source, name, True, time_limit)
    manifest = prepared.release.manifest
    before = next(r for r in reversed(prepared.held.earlier) if r.manifest.release_id == manifest.revises)
    changed = list(changes(before, prepared.release))
    if as_json:
        context.put({"from": manifest.revises, "to": manifest.release_id, "changed": [list(row) for row in changed]})
    else:
        out = csv.writer(sys.stdout, lineterminator="\n")
        out.writerows([neutral(cell) if isinstance(cell, str) else cell for cell in row] for row in changed)
    context.say(f"{len(changed)} cells would differ between {manifest.revises} and {manifest.release_id}")
    return exit_codes.FOUND if changed else exit_codes.OK


@click.command()
@plan_file
@period_option
@revise_option
@limit_option
@context.by_option
@click.option("--reason", "why", required=True, help="Why; kept with the decision in the protected schema.")
@click.option("--yes", is_flag=True, help="Really release it; without it nothing is written.")
@context.json_option
def release(source: Path, yes: bool, as_json: bool, **given: Any) -> int:
    """Release the counts of a period under PLAN: a disclosure that cannot be taken back (42 CFR 3.208(b)(2)).

    The rows go to the schema `published` with their manifest, all of them or none, and then to the topic pso-cells-published;
    whatever ends it in between, the next call goes on from there. A period is released once; afterwards only as a numbered
    revision that cannot be subtracted from what was released before.
    """
    settings = context.settings(NEEDED if yes else context.DATABASE)
    if yes:
        complete(settings)  # what a release before this one did not come to; and whether there is a topic to write to
    prepared = _prepared(source, given["name"], given["revise"], given["time_limit"])
    _print(prepared, as_json)
    if not yes:
        context.say("dry run; add --yes")
        return exit_codes.OK
    seen = [earlier.manifest.release_id for earlier in prepared.held.earlier]
    decision = Decision(given["who"], given["why"])
    add(settings.text("PSO_DATABASE_URL"), prepared.release, decision, seen, settings.database_password)
    context.say(f"released {prepared.release.manifest.release_id} by {prepared.plan.permitted_by}")
    complete(settings)
    return exit_codes.OK


def _prepared(source: Path, name: str, revise: bool, time_limit: float) -> Prepared:
    chosen = parse_plan(source.read_text(encoding="utf-8"))
    if chosen.permitted_by not in PERMITTED[Grade.P0, Grade.A]:
        raise Unlawful([Fault("permitted_by", f"42 CFR 3.206 does not permit P0 -> A by '{chosen.permitted_by}'")])
    refuse_undetermined(chosen)
    period = period_named(name)
    if period is None:
        raise click.UsageError("a period is a month such as 2026-03 or a quarter such as 2026-Q1")
    settings = context.settings(context.DATABASE)
    found = held(settings.text("PSO_DATABASE_URL"), settings.database_password)
    refuse_weaker(chosen, found.threshold, found.contributors)
    refuse_untimely(chosen, period, today(), found.earlier, revise)
    began = monotonic()
    made_now = made(chosen, period, found.counts, found.earlier, lambda: time_limit - (monotonic() - began))
    return Prepared(chosen, made_now, found)


def _print(prepared: Prepared, as_json: bool) -> None:
    manifest, release_ = prepared.release.manifest, prepared.release
    if as_json:
        context.put({"manifest": msgspec.to_builtins(manifest), "optimal": release_.proven})
        return
    click.echo(f"{manifest.release_id}: {manifest.first_month} to {manifest.last_month}, by {prepared.plan.permitted_by}")
    for table in manifest.tables:
        click.echo(f"  {table.id}: {table.cells} cells, {table.hidden} hidden")
    proven = "the fewest that protect each other" if release_.proven else "not proven to be the fewest"
    click.echo(f"  smallest interval {manifest.smallest_interval}; {proven}")
