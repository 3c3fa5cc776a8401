"""`pso arrangement check|diff|activate|history`: contracts as documents, and the versions that were put in force."""

import click

from stream_processors.cli.arrangement_activate import activate
from stream_processors.cli.arrangement_disposition import certificates, destroy, hand_over
from stream_processors.cli.arrangement_duties import due
from stream_processors.cli.arrangement_feedback import feedback
from stream_processors.cli.arrangement_files import check, diff
from stream_processors.cli.arrangement_history import history


@click.group()
def arrangement() -> None:
    """Contracts as versioned documents, and the policies they become."""


for command in (check, diff, activate, history, due, hand_over, destroy, certificates, feedback):
    arrangement.add_command(command)
