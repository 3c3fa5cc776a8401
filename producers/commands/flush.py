"""pso-produce flush: sends what waits in the outbox, once or for ever."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from producers.clock import system_clock
from producers.commands.presentation import held, json_option, summary, talk
from producers.commands.sending import Sending, again_and_again, sending_options
from producers.failure import ExitCode
from producers.outbox import Outbox
from producers.settings import Destination, Settings, environment


@click.command()
@click.option("--refused", "again", is_flag=True, help="Try events again that the broker refused.")
@click.option(
    "--every", type=click.FloatRange(min=0.1), metavar="SECONDS", help="Go on for ever, looking again after each pause."
)
@sending_options
@json_option
def flush(sending: Sending, again: bool, every: float | None, as_json: bool) -> ExitCode:
    """Send the events that wait in the outbox.

    With --every it runs until SIGTERM or Ctrl-C and outlasts a broker that is away; other programs may `send` into the
    same outbox meanwhile. Without, exit code 4 says that the broker is away, 5 that it refuses.
    """
    with bound_outbox() as (outbox, destination):
        if again:
            outbox.try_refused_again()
        if every is None:
            return _once(outbox, sending, destination, as_json)
        return _for_ever(outbox, sending, destination, every)


@contextmanager
def bound_outbox() -> Iterator[tuple[Outbox, Destination]]:
    """The outbox of the settings, and the topic to which it belongs. Raises Failure."""
    settings = Settings(environment())
    path, destination = settings.outbox(), settings.destination()
    settings.complete()
    with Outbox(path, system_clock) as outbox:
        outbox.bind(destination.wire_name)
        yield outbox, destination


def _once(outbox: Outbox, sending: Sending, destination: Destination, as_json: bool) -> ExitCode:
    progress = sending.empty(outbox, destination)
    summary({"sent": progress.delivered, **held(outbox)}, as_json=as_json)
    return ExitCode.REFUSED if progress.refused else ExitCode.OK


def _for_ever(outbox: Outbox, sending: Sending, destination: Destination, every: float) -> ExitCode:
    def once() -> None:
        progress = sending.empty(outbox, destination)
        if progress.delivered or progress.refused:
            talk(f"sent {progress.delivered}, refused {progress.refused}")

    return again_and_again(once, every)
