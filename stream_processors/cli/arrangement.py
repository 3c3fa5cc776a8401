"""`pso arrangement check|diff|activate|history`: contracts as documents, and the versions that were put in force."""

import click

from stream_processors.cli.arrangement_activate import activate
from stream_processors.cli.arrangement_files import check, diff
from stream_processors.cli.arrangement_history import history


@click.group()
def arrangement() -> None:
    """Contracts as versioned documents, and the policies they become."""


for command in (check, diff, activate, history):
    arrangement.add_command(command)
