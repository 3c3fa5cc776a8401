"""pso-produce status and receipts: what the outbox holds, and where the broker put what it sent."""

import click

from producers.clock import system_clock
from producers.commands.presentation import data, json_line, json_option
from producers.custody.acts import Custody
from producers.custody.reading import head
from producers.failure import ExitCode, Failure
from producers.outbox import Outbox, State
from producers.settings import Settings, environment


@click.command()
@json_option
def status(as_json: bool) -> ExitCode:
    """Say how many events wait, were sent and were refused, and where they stand in the PSES (42 CFR 3.20).

    Exit code 3 when the broker refused some.
    """
    with existing_outbox() as outbox:
        pses, (entries, sealed) = Custody(outbox).counts(), head(outbox)
        counts, refusals, oldest = outbox.counts(), outbox.refusals(), outbox.oldest_waiting()
        seconds = (system_clock() - oldest).total_seconds() if oldest else 0.0
        told = {str(state): counts[state] for state in State}
        if as_json:
            told_of_pses = {"pses": pses, "register": {"entries": entries, "hash": sealed.hex()}}
            json_line(outbox=str(outbox.path), **told, oldest_seconds=round(seconds, 1), refusals=refusals, **told_of_pses)
        else:
            data(f"{outbox.path}: " + ", ".join(f"{name} {count}" for name, count in told.items()))
            if sum(pses.values()) - pses["offered"] > sum(counts.values()):  # not all of it is or was to be sent
                data("in the PSES: " + ", ".join(f"{name} {count}" for name, count in pses.items()))
            if oldest:
                data(f"the oldest waits since {seconds:.0f} s")
            for reason, count in refusals.items():
                data(f"refused with {reason}: {count}; mend the cause, then `pso-produce flush --refused`")
    return ExitCode.FOUND if counts[State.REFUSED] else ExitCode.OK


@click.command()
@json_option
def receipts(as_json: bool) -> ExitCode:
    """Print where the broker put each event sent: event id, revision, topic, partition, offset, timestamp (ms)."""
    with existing_outbox() as outbox:
        for event_id, revision, receipt in outbox.receipts():
            place = (receipt.topic, receipt.partition, receipt.offset, receipt.timestamp)
            if as_json:
                names = ("topic", "partition", "offset", "timestamp")
                json_line(event_id=event_id, revision=revision, **dict(zip(names, place, strict=True)))
            else:
                data("\t".join(str(part) for part in (event_id, revision, *place)))
    return ExitCode.OK


def existing_outbox() -> Outbox:
    """The outbox of the settings, which is not made here. Raises Failure when it is not there."""
    path = Settings(environment()).outbox()
    if not path.exists():
        raise Failure(f"there is no outbox {path}: set PSO_PRODUCE_OUTBOX to the one that `send` used")
    return Outbox(path, system_clock)
