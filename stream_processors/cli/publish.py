"""`pso publish`: what may leave as a table of counts."""

import click

from stream_processors.cli.later import Later

COMMANDS = {
    "diff": ("publish_release", "diff"),
    "plan": ("publish_release", "plan"),
    "release": ("publish_release", "release"),
    "send": ("publish_send", "send"),
    "suppress": ("publish_suppress", "suppress"),
}


@click.group(cls=Later, later=COMMANDS)
def publish() -> None:
    """Tables of counts: hide small cells and what gives them away, and release them on the calendar."""
