"""The program `pso`: its commands, and how an error becomes one line and an exit code."""

import sys
from collections.abc import Sequence

import click

from stream_processors.cli import exit_codes
from stream_processors.cli.arrangement import arrangement
from stream_processors.cli.canaries import canaries
from stream_processors.cli.config import config
from stream_processors.cli.dead_letters import dead_letters
from stream_processors.cli.deidentify import deidentify
from stream_processors.cli.denominators import denominators
from stream_processors.cli.endings import EXPECTED, ending
from stream_processors.cli.later import Later
from stream_processors.cli.provider import provider
from stream_processors.cli.publish import publish
from stream_processors.cli.quarantine import quarantine
from stream_processors.cli.reconcile import reconcile
from stream_processors.cli.running import sink, worker
from stream_processors.cli.schemas import schemas
from stream_processors.cli.signals import signals
from stream_processors.cli.topics import topics
from stream_processors.cli.topology import topology
from stream_processors.cli.uniqueness import uniqueness
from stream_processors.cli.warehouse import warehouse
from stream_processors.runtime.dead_letters import SOFTWARE

HELP = """Runs and inspects the PSO's side of pso-stream.

Settings are environment variables; `pso config check` lists them all.
Exit codes: 0 ok, 1 failed, 2 usage or settings, 3 a check found something, 4 a dependency is unavailable,
5 refused by law or arrangement.
"""


_LATER = {
    "classify": ("classify", "classify"),
    "classifier": ("classifier", "classifier"),
    "quality": ("quality", "quality"),
}


@click.group(
    cls=Later, later=_LATER, help=HELP, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110}
)
@click.version_option(SOFTWARE, message="%(version)s")
def pso() -> None:
    """Nothing happens without a command."""


for command in (
    *(config, topics, schemas, topology, worker, sink, warehouse, reconcile),
    *(dead_letters, quarantine, deidentify, uniqueness, canaries, signals, publish, denominators, provider, arrangement),
):
    pso.add_command(command)


def main(words: Sequence[str] | None = None) -> None:
    """Run a command and end the process with its exit code."""
    sys.exit(_run(words))


def _run(words: Sequence[str] | None) -> int:
    try:
        code = pso.main(args=words, prog_name="pso", standalone_mode=False)
        return code if isinstance(code, int) else exit_codes.OK
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        click.echo("pso: stopped", err=True)
        return exit_codes.FAILED
    except EXPECTED as error:
        lines, code = ending(error)
        for line in lines:
            click.echo(f"pso: {line}", err=True)
        return code
