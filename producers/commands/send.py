"""pso-produce send: a file's events into the outbox, and from there to the PSO."""

from dataclasses import asdict

import click

from producers.clock import system_clock
from producers.commands.capture import Capture, capture
from producers.commands.presentation import held, json_option, summary
from producers.commands.sending import Sending, sending_options
from producers.commands.sources import Source, source_options
from producers.entrance import Entering
from producers.failure import ExitCode, Failure
from producers.outbox import Outbox
from producers.settings import Settings, environment


@click.command()
@source_options
@click.option("--corrections", is_flag=True, help="Changed content becomes the next revision (source counts none).")
@sending_options
@json_option
def send(sources: list[Source], sending: Sending, corrections: bool, as_json: bool) -> ExitCode:
    """Store the events of FILE in the outbox and send them; rows with faults are told and left out.

    The same file again adds nothing. Exit code 3 when there were faults; 4 when the broker is away, 5 when it refuses:
    then the events wait in the outbox for the next `send` or `flush`.
    """
    settings = Settings(environment())
    origin, path, destination = settings.origin(), settings.outbox(), settings.destination()
    entering = Entering(settings.pses_policy(), settings.pso())
    settings.complete()
    with Outbox(path, system_clock) as outbox:
        outbox.bind(destination.wire_name)
        tally = capture(sources, origin, outbox, Capture(entering, corrections, as_json))
        try:
            progress = sending.empty(outbox, destination)
        except Failure:
            summary({**asdict(tally), **held(outbox)}, as_json=as_json)
            raise
        summary({**asdict(tally), "sent": progress.delivered, **held(outbox)}, as_json=as_json)
    if progress.refused:
        return ExitCode.REFUSED
    return ExitCode.FOUND if tally.faults else ExitCode.OK
