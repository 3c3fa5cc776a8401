"""pso-produce watch: files that are dropped into a folder are read, answered and sent."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from producers.clock import system_clock
from producers.commands.formats import NEED_MAPPING, by_name
from producers.commands.presentation import json_line, json_option, talk
from producers.commands.sending import Sending, again_and_again, sending_options
from producers.commands.sources import Source
from producers.drops import DropFolder, Dropped
from producers.encoding import bundled_encoder
from producers.failure import ExitCode, Failure
from producers.outbox import Outbox
from producers.readers.outcome import Origin, Outcome
from producers.settings import Settings, environment


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--mapping", metavar="NAME|FILE", help="Mapping of CSV files: a shipped name or a TOML file.")
@click.option(
    "--every",
    default=5.0,
    show_default=True,
    type=click.FloatRange(min=0.1),
    metavar="SECONDS",
    help="Pause between two looks.",
)
@click.option("--once", is_flag=True, help="Take what is there, send it and end; exit code 3 when anything was refused.")
@sending_options
@json_option
def watch(folder: Path, mapping: str | None, every: float, sending: Sending, *, once: bool, as_json: bool) -> ExitCode:
    """Take files that are dropped into DIR, write an ack with a result for every row, and send the events.

    A drop is NAME and NAME.manifest.json ({"sha256": ..., "lines": ...}), each renamed from a name ending in .part, the
    manifest last. The ack is NAME.ack.jsonl; what was taken lies in DIR/done. The same drop again changes nothing.
    """
    settings = Settings(environment())
    origin, path, destination = settings.origin(), settings.outbox(), settings.destination()
    settings.complete()
    drops, reading = DropFolder(folder), Reading(origin, mapping)
    with Outbox(path, system_clock) as outbox:
        outbox.bind(destination.wire_name)
        teller = Teller(as_json)

        def look() -> None:
            teller.unsafe(drops.unsafe())
            for dropped in drops.work(outbox, bundled_encoder(), reading.outcomes):
                teller.dropped(dropped)
            sending.empty(outbox, destination)

        if not once:
            return again_and_again(look, every)
        look()
        return ExitCode.FOUND if teller.refused else ExitCode.OK


class Reading:
    """A dropped file as outcomes, by its name and the mapping of the command line."""

    def __init__(self, origin: Origin, mapping: str | None) -> None:
        self._origin = origin
        self._mapping = mapping

    @contextmanager
    def outcomes(self, path: Path) -> Iterator[Iterator[Outcome]]:
        """Raises Failure where neither name nor content tells the format."""
        mapping = self._mapping if by_name(path.name) in NEED_MAPPING else None
        source = Source(str(path), None, mapping, None, None, told_as="a drop")
        try:
            with source.outcomes(self._origin) as outcomes:
                yield outcomes
        except click.UsageError as error:
            raise Failure(error.message) from None


class Teller:
    """Tells what became of drops. Never the name of a file: people put names of patients into them."""

    def __init__(self, as_json: bool) -> None:
        self.refused = False
        self._as_json = as_json
        self._unsafe = 0

    def dropped(self, dropped: Dropped) -> None:
        tally = dropped.tally
        accepted = tally.captured + tally.known
        self.refused = self.refused or bool(dropped.flaw or tally.faults)
        if self._as_json:
            json_line(kind="drop", reason=str(dropped.flaw or ""), accepted=accepted, refused=tally.faults)
        elif dropped.flaw:
            talk(f"a drop was refused: {dropped.flaw}")
        else:
            talk(f"a drop: accepted {accepted}, refused {tally.faults}")

    def unsafe(self, entries: int) -> None:
        """Once, until it changes."""
        if entries != self._unsafe:
            talk(f"{entries} entries have names that are never taken: letters, digits, '.', '_' and '-', and no '.' first")
        self._unsafe = entries
