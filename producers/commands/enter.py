"""pso-produce enter: a file's events into the PSES, without reporting them yet."""

import click

from producers.clock import system_clock
from producers.commands.capture import Capture, capture
from producers.commands.presentation import json_option, summary
from producers.commands.sources import Source, source_options
from producers.custody.acts import Custody
from producers.entrance import Entering
from producers.failure import ExitCode
from producers.outbox import Outbox
from producers.pses.items import Matter
from producers.settings import Settings, environment


@click.command()
@source_options
@click.option("--corrections", is_flag=True, help="Changed content becomes the next revision (source counts none).")
@click.option("--deliberation", is_flag=True, help="FILE holds deliberations or analysis, which can never be removed.")
@json_option
def enter(sources: list[Source], corrections: bool, deliberation: bool, as_json: bool) -> ExitCode:
    """Document the events of FILE as within the PSES; they wait there until they are reported or removed.

    The time of entry is this machine's and is never edited (42 CFR 3.20). No broker is asked. Needs the settings
    PSO_PRODUCE_PROVIDER, PSO_PRODUCE_SOURCE_SYSTEM and PSO_PRODUCE_ARRANGEMENT; PSO_PRODUCE_PSES_POLICY and
    PSO_PRODUCE_PSO belong to the documentation. Exit code 3 when rows had faults.

    \b
    Examples:
      pso-produce enter incidents.csv --mapping my-mapping.toml
      pso-produce enter root-cause-analyses.jsonl --deliberation
    """
    settings = Settings(environment())
    origin, path, (_, wire_name) = settings.origin(), settings.outbox(), settings.entry_topic()
    matter = Matter.DELIBERATION if deliberation else Matter.FOR_REPORTING
    entering = Entering(settings.pses_policy(), settings.pso(), matter, send=False)
    settings.complete()
    with Outbox(path, system_clock) as outbox:
        outbox.bind(wire_name)
        tally = capture(sources, origin, outbox, Capture(entering, corrections, as_json))
        told = {"entered": tally.captured, "corrections": tally.corrections, "known": tally.known, "faults": tally.faults}
        summary({**told, "in_pses": Custody(outbox).counts()["in_pses"]}, as_json=as_json)
    return ExitCode.FOUND if tally.faults else ExitCode.OK
