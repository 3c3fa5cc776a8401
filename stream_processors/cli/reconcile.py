"""`pso reconcile`: did everything that was submitted reach an end, and do all counts agree?"""

import threading

import click
import msgspec
from prometheus_client import CollectorRegistry

from stream_processors.cli import context, exit_codes
from stream_processors.metrics import ReconciliationMetrics
from stream_processors.runtime.clock import now_ms
from stream_processors.runtime.dead_letters import SOFTWARE
from stream_processors.runtime.health import HealthServer, nothing_wrong
from stream_processors.runtime.reconcile import Reconciler
from stream_processors.warehouse.findings import Reconciliation


@click.command()
@context.json_option
@click.option("--grace", type=float, help="Seconds; younger records are in flight. [default: PSO_RECONCILE_GRACE_SECONDS]")
@click.option("--every", type=click.FloatRange(min=1), help="Repeat after this many seconds, and serve the gauges.")
def reconcile(as_json: bool, grace: float | None, every: float | None) -> int:
    """Compare the entry topics with warehouse and dead letters, and all counts with a recomputation from rows.

    Exit code 3 on any difference. With --every it runs until it is stopped, with /metrics on PSO_HEALTH_PORT.
    """
    system = context.system([*context.KAFKA, *context.DATABASE])
    seconds = grace if grace is not None else system.settings.real("PSO_RECONCILE_GRACE_SECONDS")
    if every is None:
        found = _once(system, seconds)
        _print(found, as_json)
        return exit_codes.OK if found.agrees else exit_codes.FOUND
    return _again_and_again(system, seconds, every)


def _once(system: context.System, grace: float) -> Reconciliation:
    found = system.settings
    reconciler = Reconciler(
        found.connection, system.wire, system.catalogue, found.text("PSO_DATABASE_URL"), found.database_password
    )
    return reconciler.reconcile(system.topology.entries, grace, now_ms())


def _again_and_again(system: context.System, grace: float, every: float) -> int:
    metrics = ReconciliationMetrics(CollectorRegistry(), SOFTWARE)
    metrics.ready.set(1)
    found = system.settings
    health = HealthServer(
        found.text("PSO_HEALTH_HOST"),
        found.whole("PSO_HEALTH_PORT"),
        metrics.registry,
        live=nothing_wrong,
        ready=nothing_wrong,
    )
    pause = threading.Event()
    try:
        while True:
            result = _once(system, grace)
            metrics.missing.set(result.missing_everywhere)
            metrics.extra.set(result.extra)
            metrics.mismatched.set(result.mismatched_cells)
            metrics.at.set(now_ms() / 1000)
            pause.wait(every)
    finally:
        health.close()


def _print(found: Reconciliation, as_json: bool) -> None:
    if as_json:
        context.put(
            msgspec.to_builtins(found)
            | {"clean": found.agrees, "missing": found.missing_everywhere, "mismatched_cells": found.mismatched_cells}
        )
        return
    click.echo(f"{found.submitted} submitted, {found.accepted} accepted, {found.dead_letters} dead letters")
    click.echo(f"{found.in_flight} in flight (younger than the grace)")
    click.echo(f"missing {found.missing_everywhere}, extra {found.extra}, cells that differ {found.mismatched_cells}")
    for line in found.examples():
        click.echo(f"  {line}")
    click.echo("clean" if found.agrees else "NOT clean")
