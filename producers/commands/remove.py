"""pso-produce remove: events out of the PSES before they were reported, with the act documented."""

import click

from producers.commands.presentation import json_option, summary
from producers.commands.status import existing_outbox
from producers.commands.words import Words, events_argument
from producers.custody.acts import Custody
from producers.failure import ExitCode


@click.command()
@events_argument
@click.option("--actor", required=True, type=Words(), help="Who removes: a person or role of the provider.")
@click.option("--reason", required=True, type=Words(), help="Why. Name no patient: the register keeps it for good.")
@json_option
def remove(events: tuple[str, ...], actor: str, reason: str, as_json: bool) -> ExitCode:
    """Remove events from the PSES; all of them, or none when one may not be (exit code 5).

    Lawful only before anything of an event was reported; act and date are documented (42 CFR 3.20, patient safety work
    product (2)(ii)). Deliberations and analysis cannot be removed. The bytes are overwritten: what is needed outside
    must be kept outside. A removed event never comes back under its id.

    \b
    Example:
      pso-produce remove 2024-0031 --actor "quality office" --reason "entered by mistake: belongs to the State report"
    """
    with existing_outbox() as outbox:
        custody = Custody(outbox)
        removed = custody.remove(events, actor, reason)
        summary({"removed": removed, "in_pses": custody.counts()["in_pses"]}, as_json=as_json)
    return ExitCode.OK
