"""pso-produce: what a provider runs to send patient safety events to its PSO."""

import sys
import traceback
from pathlib import Path

import click

from producers.commands.certificate import certificate
from producers.commands.check import check
from producers.commands.enter import enter
from producers.commands.flush import flush
from producers.commands.gateway import gateway
from producers.commands.history import history
from producers.commands.key import key
from producers.commands.mapping import mapping
from producers.commands.mappings import mappings
from producers.commands.presentation import talk
from producers.commands.quality import quality
from producers.commands.register import register
from producers.commands.remove import remove
from producers.commands.report import functional_report, report
from producers.commands.send import send
from producers.commands.status import receipts, status
from producers.commands.watch import watch
from producers.failure import ExitCode, Failure

_INTERRUPTED = 130


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="pso-stream")
def program() -> None:
    """Send patient safety events to a Patient Safety Organization.

    Exit codes: 0 ok, 1 failed, 2 usage, 3 faults found, 4 unavailable, 5 refused by policy.
    """


for _command in (send, check, quality, flush, status, receipts, mappings, mapping, gateway, watch):
    program.add_command(_command)
for _command in (enter, remove, report, functional_report, history, register, key, certificate):
    program.add_command(_command)


def main() -> None:
    """The entry point: every end of a command is an exit code, every failure one line per cause."""
    try:
        code = program.main(prog_name="pso-produce", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except Failure as failure:
        for line in str(failure).splitlines():
            talk(f"pso-produce: {line}")
        code = failure.code
    except (click.Abort, KeyboardInterrupt):
        talk("pso-produce: interrupted; what was captured stays in the outbox")
        code = _INTERRUPTED
    except Exception as error:  # its words may hold a value: only its kind and place are told
        talk(f"pso-produce: a mistake in the program, please report it: {type(error).__name__} at {_place(error)}")
        code = ExitCode.FAILED
    sys.exit(int(code or ExitCode.OK))


def _place(error: Exception) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(last.filename).name}:{last.lineno}"
