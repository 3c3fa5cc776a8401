"""`pso publish suppress`: a file of count tables in, the same tables with their hidden cells empty out."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from stream_processors.cli import context, exit_codes
from stream_processors.cli.count_files import read_cells, write_published
from stream_processors.cli.publish_policy import policy_of, policy_options
from stream_processors.domain.publication.count_tables import CountTable, as_tables
from stream_processors.domain.publication.policy import Policy
from stream_processors.domain.publication.suppression import Protection, Suppressed
from stream_processors.domain.publication.suppression import suppress as suppressed
from stream_processors.domain.publication.weighing import MOST, weighed
from stream_processors.runtime.clock import monotonic

UNPROTECTED = "cannot be protected by hiding cells: make it coarser, or keep it"


@click.command()
@policy_options
@click.option("--time-limit", type=click.FloatRange(min=0), default=10.0, show_default=True, help="Seconds for each table.")
@context.json_option
@click.argument("source", metavar="TABLES", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("target", metavar="OUT", type=click.Path(path_type=Path, dir_okay=False))
def suppress(source: Path, target: Path, time_limit: float, as_json: bool, **given: Any) -> int:
    """Hide small counts of TABLES, and the fewest others that give them away, and write the rest to OUT; both CSV.

    TABLES has the columns table_id, row, col, layer, count: every cell and every total, * being the total over an axis,
    layer empty for tables of two ways. OUT has published instead of count, empty where it is hidden, in the same order.
    A table that is not whole or does not add up is hidden completely and named (exit code 3); the others go on.
    """
    policy, cells = policy_of(given), read_cells(source)
    how = weighed if given["attacker"] is None else suppressed
    tables, faults = as_tables(cells)
    for fault in faults:
        context.say(f"pso: {fault}")
    done: list[Suppressed] = []
    reports = []
    with click.progressbar(tables, label="tables", file=sys.stderr, hidden=not sys.stderr.isatty()) as shown:
        for table in shown:
            result, seconds = _timed(how, table, policy, time_limit)
            done.append(result)
            reports.append(_report(result, seconds))
    published = {
        (result.table.table_id, place): "" if count is None else str(count)
        for result in done
        for place, count in zip(result.table.places, result.published, strict=True)
    }
    rows = ((cell.table_id, *cell.place, published.get((cell.table_id, cell.place), "")) for cell in cells)
    write_published(target, rows)
    withheld = list(dict.fromkeys(cell.table_id for cell in cells if cell.table_id not in {t.table_id for t in tables}))
    if as_json:
        context.put({"tables": reports, "withheld": withheld, "faults": [str(fault) for fault in faults]})
    return _ending(done, withheld)


def _timed(how: Callable[..., Suppressed], table: CountTable, policy: Policy, limit: float) -> tuple[Suppressed, float]:
    began = monotonic()
    result = how(table, policy, lambda: limit - (monotonic() - began))
    return result, monotonic() - began


def _report(result: Suppressed, seconds: float) -> dict[str, Any]:
    return {
        "table_id": result.table.table_id,
        "cells": len(result.published),
        "primary": result.primary,
        "complementary": result.complementary,
        "hidden": result.hidden,
        "at_least": result.at_least,
        "at_least_standard": result.at_least_standard,
        "optimal": result.optimal,
        "smallest_interval": result.smallest_interval,
        "protection": str(result.protection),
        "exposed": result.exposed,
        "seconds": round(seconds, 3),
    }


def _ending(done: list[Suppressed], withheld: list[str]) -> int:
    for result in done:
        if result.protection is not Protection.FULL:
            context.say(f"pso: table {result.table.table_id} {_weakness(result)}")
    hidden, proven = sum(result.hidden for result in done), sum(result.optimal for result in done)
    standard = sum(result.protection is Protection.STANDARD for result in done)
    from_whom = f"{standard} not protected from one who knows the rule; " if standard else ""
    told = f"{len(done)} tables, {hidden} cells hidden, proven the fewest in {proven}; {from_whom}"
    context.say(f"{told}{len(withheld)} tables withheld")
    unsafe = withheld or any(result.protection is Protection.NONE for result in done)
    return exit_codes.FOUND if unsafe else exit_codes.OK


def _weakness(result: Suppressed) -> str:
    if result.protection is Protection.NONE:
        return UNPROTECTED
    why = "hiding cells cannot prevent it" if result.at_least_standard is None else _too_dear(result.at_least_standard)
    known = f"narrows {result.exposed} of its {result.hidden} hidden counts further than --protection; {why}"
    return f"is protected from one who knows the sums alone; one who knows the rule {known}"


def _too_dear(fewest: int) -> str:
    return f"nothing found prevents it with at most {MOST:g} times the {fewest} that the sums need (--attacker informed tries)"
