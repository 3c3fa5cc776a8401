"""`pso signals`: rare-event methods on files, outside the flow."""

import click

from stream_processors.cli.signal_scores import fold, score


@click.group()
def signals() -> None:
    """Disproportionate reporting in files. A number here means "look", never "conclude"."""


for command in (score, fold):
    signals.add_command(command)
