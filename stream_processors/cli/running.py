"""`pso worker` and `pso sink`: the processes that do the work, until SIGTERM."""

import asyncio
import logging
from collections.abc import Sequence
from typing import TypeVar

import click

from stream_processors.cli import context, exit_codes
from stream_processors.cli.topics import topic_admin
from stream_processors.runtime.sinking import sink_all
from stream_processors.runtime.worker import work
from stream_processors.settings import InvalidSettings
from stream_processors.shapes import Accumulator, Processor, Sink
from stream_processors.warehouse.vault import Vault

LOG = logging.getLogger("pso.worker")
Named = TypeVar("Named", Processor | Accumulator, Sink)  # type: ignore[type-arg]


@click.command()
@click.option("--only", multiple=True, metavar="STEP", help="Run this step only; may be given several times.")
def worker(only: tuple[str, ...]) -> int:
    """Run the steps. Several workers share the work; a worker that dies is replaced by the others.

    SIGTERM drains: what was fetched is finished, its outputs are delivered, its offsets committed.
    """
    system = context.system([*context.KAFKA, *context.DATABASE], context.rarity)
    _refuse_nobody(system)
    steps = _chosen("step", system.topology.steps, only)
    if not _topics_are_there(system):
        return exit_codes.FAILED
    version = system.engine.version
    LOG.info("de-identification %s", " ".join(f"{part} {value}" for part, value in version.described().items()))
    LOG.info("rare characteristics: %s", system.settings.text("PSO_UNIQUENESS_SNAPSHOT") or "no snapshot, nothing rare is told")
    if warning := context.slow_kernel(system.engine):
        LOG.warning(warning)
    vault = Vault(system.settings.text("PSO_DATABASE_URL"), system.settings.database_password)
    system.activated().follow()
    asyncio.run(work(system.settings, steps, system.wire, system.codec, vault.surrogates, deidentification=version))
    return exit_codes.OK


@click.command()
@click.option("--only", multiple=True, metavar="SINK", help="Run this sink only; may be given several times.")
def sink(only: tuple[str, ...]) -> int:
    """Write records to the warehouse, rows and offsets in one transaction. While PostgreSQL is away, they wait."""
    system = context.system([*context.KAFKA, *context.DATABASE])
    sinks = _chosen("sink", system.topology.sinks, only)
    if not _topics_are_there(system):
        return exit_codes.FAILED
    sink_all(system.settings, sinks, system.wire, system.codec)
    return exit_codes.OK


def _chosen(kind: str, declared: Sequence[Named], only: Sequence[str]) -> list[Named]:
    names = [one.name for one in declared]
    unknown = [name for name in only if name not in names]
    if unknown:
        raise click.UsageError(f"there is no {kind} {', '.join(unknown)}; there are {', '.join(names)}")
    return [one for one in declared if not only or one.name in only]


def _refuse_nobody(system: context.System) -> None:
    if not system.topology.entries:
        raise InvalidSettings(["there is no arrangement: set PSO_ARRANGEMENTS_FILE, or `pso arrangement activate` one"])


def _topics_are_there(system: context.System) -> bool:
    """A consumer of a topic that is missing would wait for ever without a word."""
    missing = topic_admin(system).missing(system.topology.topics)
    for name in missing[:5]:
        context.say(f"pso: topic {name} is missing: run `pso topics create`")
    if len(missing) > 5:
        context.say(f"pso: and {len(missing) - 5} more")
    return not missing
