"""`pso arrangement check|diff|activate|history`: contracts as documents."""

import click

from stream_processors.cli.arrangement_files import check, diff


@click.group()
def arrangement() -> None:
    """Contracts as versioned documents, and the policies they become."""


for command in (check, diff):
    arrangement.add_command(command)
