"""`pso signals`: the methods that find what is too rare for one provider, on files. Look, do not conclude."""

from importlib import import_module

import click

LATER = {
    "chart": ("stream_processors.cli.signal_chart", "charts"),
    "critical-value": ("stream_processors.cli.signal_critical_value", "critical_value"),
    "draw": ("stream_processors.cli.signal_draw", "draw"),
    "fold": ("stream_processors.cli.signal_scores", "fold"),
    "score": ("stream_processors.cli.signal_scores", "score"),
    "watch": ("stream_processors.cli.signal_watch", "watch"),
}
"""Commands loaded when they are asked for: scipy takes most of a second, and no other command of `pso` needs it."""


class _Signals(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *LATER})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in LATER:
            return super().get_command(ctx, cmd_name)
        module, name = LATER[cmd_name]
        command = getattr(import_module(module), name)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=_Signals)
def signals() -> None:
    """Disproportionate reporting, sequential tests, charts, surveillance on files.

    A signal means that somebody should look, nothing more.
    """
