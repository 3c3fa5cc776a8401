"""`pso worker` and `pso sink`: the processes that do the work, until SIGTERM."""

import asyncio
from collections.abc import Sequence

import click

from stream_processors.cli import context
from stream_processors.runtime.worker import work
from stream_processors.shapes import Step
from stream_processors.warehouse.vault import Vault


@click.command()
@click.option("--only", multiple=True, metavar="STEP", help="Run this step only; may be given several times.")
def worker(only: tuple[str, ...]) -> None:
    """Run the steps. Several workers share the work; a worker that dies is replaced by the others.

    SIGTERM drains: what was fetched is finished, its outputs are delivered, its offsets committed.
    """
    system = context.system([*context.KAFKA, *context.DATABASE])
    steps = _chosen(system.topology.steps, only)
    vault = Vault(system.settings.text("PSO_DATABASE_URL"), system.settings.database_password)
    asyncio.run(work(system.settings, steps, system.wire, system.codec, vault.surrogates))


def _chosen(steps: Sequence[Step], only: Sequence[str]) -> list[Step]:
    names = [step.name for step in steps]
    unknown = [name for name in only if name not in names]
    if unknown:
        raise click.UsageError(f"there is no step {', '.join(unknown)}; the steps are {', '.join(names)}")
    return [step for step in steps if not only or step.name in only]
