"""`pso publish`: what may leave as a table of counts."""

import click

from stream_processors.cli.publish_release import diff, plan, release
from stream_processors.cli.publish_suppress import suppress


@click.group()
def publish() -> None:
    """Tables of counts: hide small cells and what gives them away, and release them on the calendar."""


for command in (suppress, plan, diff, release):
    publish.add_command(command)
