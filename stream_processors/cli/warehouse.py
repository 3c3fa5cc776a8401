"""`pso warehouse migrate|verify`."""

import click

from stream_processors.cli import context, exit_codes
from stream_processors.warehouse.migration import migrate as apply_migrations
from stream_processors.warehouse.verification import verify as differences


@click.group()
def warehouse() -> None:
    """Build and verify the PostgreSQL warehouse."""


@warehouse.command()
@context.json_option
def migrate(as_json: bool) -> None:
    """Apply the migrations that are missing, each in one transaction, and set roles and rights."""
    found = context.settings(context.DATABASE)
    applied = apply_migrations(found.text("PSO_DATABASE_URL"), found.database_password)
    if as_json:
        context.put({"applied": applied})
    context.say(f"{len(applied)} migrations applied" if applied else "the warehouse is up to date")


@warehouse.command()
@context.json_option
def verify(as_json: bool) -> int:
    """Compare migrations, tables, roles and rights with what they should be; exit code 3 when they differ."""
    found = context.settings(context.DATABASE)
    faults = differences(found.text("PSO_DATABASE_URL"), found.database_password)
    if as_json:
        context.put({"faults": faults})
    for fault in faults:
        context.say(fault)
    if not faults:
        context.say("the warehouse is as declared")
    return exit_codes.FOUND if faults else exit_codes.OK
