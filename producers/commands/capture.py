"""What `send` and `enter` share: files into an outbox, faults told as they come."""

from dataclasses import dataclass

from producers.capturing import Capturing, Tally
from producers.commands.presentation import fault_json, fault_text, talk
from producers.commands.sources import Source
from producers.encoding import bounded, bundled_encoder
from producers.entrance import Entering
from producers.outbox import Outbox
from producers.readers.outcome import Fault, Origin

_FAULTS_TOLD = 20


@dataclass(frozen=True, slots=True)
class Capture:
    """How files go into an outbox, and how their faults are told."""

    entering: Entering
    corrections: bool
    as_json: bool


def capture(sources: list[Source], origin: Origin, outbox: Outbox, how: Capture) -> Tally:
    """Every event of the files that can be read, on disk when this returns. Raises Failure."""
    tally = Tally()
    for source in sources:
        reporter = Reporter(source.file, how.as_json)
        capturing = Capturing(outbox, bundled_encoder(), reporter.fault, how.corrections, tally, how.entering)
        with source.outcomes(origin) as outcomes:
            capturing.take(bounded(outcomes, capturing.encode))
        reporter.end()
    return tally


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
