"""The program `pso`: its commands, and how an error becomes one line and an exit code."""

import sys
from collections.abc import Sequence

import click
from confluent_kafka import KafkaException

from stream_processors.cli import exit_codes
from stream_processors.cli.config import config
from stream_processors.cli.dead_letters import dead_letters
from stream_processors.cli.reconcile import reconcile
from stream_processors.cli.running import sink, worker
from stream_processors.cli.topics import topics
from stream_processors.cli.topology import topology
from stream_processors.cli.warehouse import warehouse
from stream_processors.domain.arrangements import InvalidArrangements
from stream_processors.domain.rejection import Unavailable
from stream_processors.runtime.dead_letters import SOFTWARE
from stream_processors.runtime.engine import EngineFailed
from stream_processors.settings import InvalidSettings
from stream_processors.topology import Unlawful

HELP = """Runs and inspects the PSO's side of pso-stream.

Settings are environment variables; `pso config check` lists them all.
Exit codes: 0 ok, 1 failed, 2 usage or settings, 3 a check found something, 4 a dependency is unavailable,
5 refused by law or arrangement.
"""


@click.group(help=HELP, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(SOFTWARE, message="%(version)s")
def pso() -> None:
    """Nothing happens without a command."""


for command in (config, topics, topology, worker, sink, warehouse, reconcile, dead_letters):
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
        return exit_codes.USAGE
    except click.Abort:
        return _end("stopped", exit_codes.FAILED)
    except (InvalidSettings, InvalidArrangements) as error:
        return _end(*error.faults, exit_codes.USAGE)
    except Unlawful as error:
        return _end(str(error), exit_codes.REFUSED)
    except Unavailable as error:
        return _end(f"{error.what} does not answer: nothing was lost, try again", exit_codes.UNAVAILABLE)
    except KafkaException as error:
        return _end(f"kafka refused: {error.args[0].name()}", exit_codes.UNAVAILABLE)
    except EngineFailed as error:
        cause = type(error.__cause__).__name__ if error.__cause__ else "Faust"
        return _end(f"{error} ({cause}); unfinished work will be replayed after a restart", exit_codes.UNAVAILABLE)


def _end(*words: str | int) -> int:
    *lines, code = words
    for line in lines:
        click.echo(f"pso: {line}", err=True)
    return int(code)
