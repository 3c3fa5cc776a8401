"""pso-produce history: what the register says of an event."""

import click
import msgspec

from producers.commands.presentation import data, json_line, json_option, talk
from producers.commands.status import existing_outbox
from producers.commands.words import EventId
from producers.custody.acts import Custody
from producers.custody.reading import entries_of
from producers.failure import ExitCode
from producers.pses.items import PsesState

_SHOWN = ("number", "at", "act", "revision")
_APART = {*_SHOWN, "event", "previous", "provider"}


@click.command()
@click.argument("event", type=EventId())
@json_option
def history(event: str, as_json: bool) -> ExitCode:
    """Print every act on EVENT in order: number of the entry, time, act, revision, and what belongs to the act.

    \b
    Example:
      pso-produce history 2024-0031 --json
    """
    with existing_outbox() as outbox:
        held = Custody(outbox).held([event])
        for entry, sealed in entries_of(outbox, [found.sequence for found in held]):
            told = msgspec.to_builtins(entry) | {"hash": sealed.hex()}
            if as_json:
                json_line(**told)
            else:
                facts = (f"{name}={value}" for name, value in told.items() if name not in _APART)
                data("\t".join((*(str(told[name]) for name in _SHOWN), *facts)))
        for found in held:
            if found.item.offered and found.item.state is PsesState.IN_PSES:
                talk(f"revision {found.item.revision} was handed to the broker and has no receipt yet: run `pso-produce flush`")
    return ExitCode.OK
