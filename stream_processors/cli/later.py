"""A group whose commands are loaded when they are asked for: numpy and scipy take long to load, and few commands need it."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click


class Later(click.Group):
    """`later`: by the name of a command, its module beside this one and what it is called there."""

    def __init__(self, *given: Any, later: Mapping[str, tuple[str, str]], **named: Any) -> None:
        super().__init__(*given, **named)
        self._later = later

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every name, in order."""
        return sorted({*super().list_commands(ctx), *self._later})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, loaded now."""
        if cmd_name not in self._later:
            return super().get_command(ctx, cmd_name)
        module, name = self._later[cmd_name]
        command = getattr(import_module(f"{__package__}.{module}"), name)
        assert isinstance(command, click.Command)
        return command
