"""pso-produce check: a dry run that names every fault of a file and sends nothing."""

import click

from producers.commands.presentation import data, fault_json, fault_text, json_line, json_option, talk
from producers.commands.sources import Source, source_options
from producers.encoding import Encode, bounded, bundled_encoder
from producers.failure import ExitCode
from producers.readers.outcome import Fault, Origin
from producers.settings import Settings, environment


@click.command()
@source_options
@json_option
def check(sources: list[Source], as_json: bool) -> ExitCode:
    """Read FILE and print row, column and reason of each fault; nothing is stored or sent.

    Needs PSO_PRODUCE_PROVIDER and PSO_PRODUCE_SOURCE_SYSTEM. Exit code 3 when there are faults.
    """
    settings = Settings(environment())
    origin = settings.origin()
    settings.complete()
    encode = bundled_encoder()
    faults = sum(_check(source, origin, encode, as_json) for source in sources)
    return ExitCode.FOUND if faults else ExitCode.OK


def _check(source: Source, origin: Origin, encode: Encode, as_json: bool) -> int:
    events = faults = 0
    with source.outcomes(origin) as outcomes:
        for outcome in bounded(outcomes, encode):
            if isinstance(outcome, Fault):
                faults += 1
                fault_json(source.file, outcome) if as_json else data(fault_text(source.file, outcome))
            else:
                events += 1
    if as_json:
        json_line(kind="summary", file=source.file, events=events, faults=faults)
    else:
        talk(f"{source.file}: {events} events, {faults} faults")
    return faults
