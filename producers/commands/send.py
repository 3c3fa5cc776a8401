"""pso-produce send: a file's events into the outbox, and from there to the PSO."""

from dataclasses import asdict

import click

from producers.capturing import Capturing, Tally
from producers.clock import system_clock
from producers.commands.presentation import fault_json, fault_text, held, json_option, summary, talk
from producers.commands.sending import Sending, sending_options
from producers.commands.sources import Source, source_options
from producers.encoding import bounded, bundled_encoder
from producers.failure import ExitCode, Failure
from producers.outbox import Outbox
from producers.readers.outcome import Fault, Origin
from producers.settings import Settings, environment

_FAULTS_TOLD = 20


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
    settings.complete()
    with Outbox(path, system_clock) as outbox:
        outbox.bind(destination.wire_name)
        tally = Tally()
        for source in sources:
            reporter = Reporter(source.file, as_json)
            _capture(source, origin, Capturing(outbox, bundled_encoder(), reporter.fault, corrections, tally))
            reporter.end()
        try:
            progress = sending.empty(outbox, destination)
        except Failure:
            summary({**asdict(tally), **held(outbox)}, as_json=as_json)
            raise
        summary({**asdict(tally), "sent": progress.delivered, **held(outbox)}, as_json=as_json)
    if progress.refused:
        return ExitCode.REFUSED
    return ExitCode.FOUND if tally.faults else ExitCode.OK


def _capture(source: Source, origin: Origin, capturing: Capturing) -> None:
    with source.outcomes(origin) as outcomes:
        capturing.take(bounded(outcomes, capturing.encode))


class Reporter:
    """Tells the faults of one file as they come: all of them as JSON, the first ones as text."""

    def __init__(self, file: str, as_json: bool) -> None:
        self._file = file
        self._as_json = as_json
        self._faults = 0

    def fault(self, fault: Fault) -> None:
        self._faults += 1
        if self._as_json:
            fault_json(self._file, fault)
        elif self._faults <= _FAULTS_TOLD:
            talk(fault_text(self._file, fault))

    def end(self) -> None:
        if not self._as_json and self._faults > _FAULTS_TOLD:
            talk(f"{self._file}: {self._faults - _FAULTS_TOLD} more faults: `pso-produce check` names them all")
