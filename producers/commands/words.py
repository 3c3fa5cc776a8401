"""Arguments that a person types into the register, and the ids of events: short, printable, or refused."""

import re
from typing import Any

import click

from producers.pses.entries import VERBATIM

_EVENT = re.compile(r"[\x21-\x7e]{1,257}")


class Words(click.ParamType):
    """A person's own words. The register keeps them for good and shows them to whoever verifies it."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        words = str(value).strip()
        if not words or len(words) > VERBATIM or not words.isprintable():
            self.fail(f"give 1 to {VERBATIM} printable characters in one line", param, ctx)
        return words


class EventId(click.ParamType):
    """The id of an event, or provider|event where two providers share one."""

    name = "event"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if not _EVENT.fullmatch(str(value)):
            self.fail("an event id has visible characters of ASCII only", param, ctx)
        return str(value)


events_argument = click.argument("events", nargs=-1, required=True, metavar="EVENT...", type=EventId())
