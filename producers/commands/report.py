"""pso-produce report and functional-report: what waits in the PSES becomes reported, by sending it or under a clause."""

from pathlib import Path

import click

from producers.commands.flush import bound_outbox
from producers.commands.presentation import held, json_option, summary
from producers.commands.sending import Sending, sending_options
from producers.commands.status import existing_outbox
from producers.commands.words import EventId, Words
from producers.custody.acts import Custody
from producers.failure import ExitCode, Failure


@click.command()
@click.argument("events", nargs=-1, metavar="[EVENT...]", type=EventId())
@click.option("--all", "everything", is_flag=True, help="Report all that waits in the PSES.")
@sending_options
@json_option
def report(events: tuple[str, ...], everything: bool, sending: Sending, as_json: bool) -> ExitCode:
    """Report events to the PSO: they are sent, and reported when its broker acknowledged them.

    What `send` or an earlier `report` left waiting goes along. When the broker is away (exit code 4) the events wait in the
    PSES for the next `flush`. Exit code 5: an event may not be reported (nothing is sent), or the broker refuses.

    \b
    Examples:
      pso-produce report 2024-0031 2024-0032
      pso-produce report --all
    """
    if bool(events) == everything:
        raise click.UsageError("name the events to be reported, or give --all")
    with bound_outbox() as (outbox, destination):
        queued = Custody(outbox).queue_all() if everything else Custody(outbox).queue(events)
        try:
            progress = sending.empty(outbox, destination)
        except Failure:
            summary({"queued": queued, **held(outbox)}, as_json=as_json)
            raise
        summary({"queued": queued, "sent": progress.delivered, **held(outbox)}, as_json=as_json)
    return ExitCode.REFUSED if progress.refused else ExitCode.OK


@click.command("functional-report")
@click.option("--clause", required=True, type=Words(), help="The clause of the contract under which access is reporting.")
@click.option(
    "--items", "items", required=True, metavar="FILE", type=click.Path(allow_dash=True), help="Event ids, one per line."
)
@json_option
def functional_report(clause: str, items: str, as_json: bool) -> ExitCode:
    """Document that events were reported functionally: the PSO has access to them here, and nothing is sent.

    The contract must say when access is reporting. All events of FILE, or none when one may not be reported (exit code 5).

    \b
    Example:
      pso-produce functional-report --clause "4.2 (b)" --items events.txt
    """
    events = _listed(items)
    with existing_outbox() as outbox:
        reported = Custody(outbox).report_functionally(events, clause)
        summary({"functionally_reported": reported}, as_json=as_json)
    return ExitCode.OK


def _listed(file: str) -> list[str]:
    """The event ids of a list; empty lines do not count. Raises Failure."""
    try:
        text = click.get_text_stream("stdin").read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except OSError as error:
        raise Failure(f"{file}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise Failure(f"{file}: it is no UTF-8 text") from None
    events: dict[str, None] = {}
    for number, line in enumerate(text.splitlines(), 1):
        try:
            events |= {EventId().convert(line.strip(), None, None): None} if line.strip() else {}
        except click.BadParameter as error:
            raise Failure(f"{file}:{number}: {error.message}") from None
    if not events:
        raise Failure(f"{file}: it lists no event: write one event id per line")
    return list(events)
