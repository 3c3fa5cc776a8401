"""`pso signals`: the methods that find what is too rare for one provider. Look, do not conclude."""

import click

from stream_processors.cli.later import Later

COMMANDS = {
    "activate": ("signal_parameters", "activate"),
    "chart": ("signal_chart", "charts"),
    "critical-value": ("signal_critical_value", "critical_value"),
    "draw": ("signal_draw", "draw"),
    "fold": ("signal_scores", "fold"),
    "link": ("signal_link", "link"),
    "refit": ("signal_parameters", "refit"),
    "scan": ("signal_scan", "scan_series"),
    "score": ("signal_scores", "score"),
    "watch": ("signal_watch", "watch"),
}


@click.group(cls=Later, later=COMMANDS)
def signals() -> None:
    """Disproportionate reporting, sequential tests, charts, scans, surveillance, links on files; parameters of the stream.

    A signal means that somebody should look, nothing more.
    """
