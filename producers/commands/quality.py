"""pso-produce quality: how complete a provider's own events are, and which values its mapping could not place."""

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import partial

import click

from producers.commands.presentation import data, json_line, json_option, talk
from producers.commands.sources import Source, source_options
from producers.commands.status import existing_outbox
from producers.failure import ExitCode, Failure
from producers.outbox import Outbox, State
from producers.readers.outcome import Fault, Outcome, Read
from producers.settings import Settings, environment
from schemas.answers.count import Answering, answers
from schemas.catalogue import bundled
from schemas.codec import Codec, Undecodable
from schemas.records import SafetyEvent


@click.command()
@partial(source_options, required=False)
@json_option
def quality(sources: list[Source], as_json: bool) -> ExitCode:
    """Say how many questions of the Common Formats are answered, by field, and which values have no canonical code.

    Of the events of FILE, stored and sent nowhere, or without FILE of those that wait in the outbox: of what was sent it holds
    no bytes any more. Numbers and field names, never a value. Exit code 3 when rows of FILE have faults and are left out.
    """
    settings = Settings(environment())
    seen = _Seen()
    if sources:
        origin = settings.origin()
        settings.complete()
        for source in sources:
            with source.outcomes(origin) as outcomes:
                seen.add_all(outcomes)
    else:
        with existing_outbox() as outbox:
            seen.add_all(_waiting(outbox))
            talk(f"{outbox.path}: {outbox.counts()[State.SENT]} events were sent and are not in it any more")
    seen.tell_json() if as_json else seen.tell()
    return ExitCode.FOUND if seen.faults else ExitCode.OK


class _Seen:
    """The counts of all events that were seen."""

    def __init__(self) -> None:
        self.events = self.faults = 0
        self._parts: Counter[tuple[Answering, str]] = Counter()
        self._wholes: Counter[tuple[Answering, str]] = Counter()

    def add_all(self, outcomes: Iterable[Outcome]) -> None:
        for outcome in outcomes:
            if isinstance(outcome, Fault):
                self.faults += 1
                continue
            self.events += 1
            for what, subject, part, whole in answers(outcome.event):
                self._parts[what, subject] += part
                self._wholes[what, subject] += whole

    def tell(self) -> None:
        """As a whole, then field by field where something is left, the worst first."""
        data(f"{self.events} events, {self.faults} faults")
        for what in Answering:
            if self._wholes[what, ""]:
                data(f"{what}: {self._share(what, ''):.1%}")
            for subject in self._worst_first(what):
                data(f"  {subject}: {self._parts[what, subject]} of {self._wholes[what, subject]}")

    def tell_json(self) -> None:
        for what, subject in sorted(self._wholes):
            json_line(
                kind="quality",
                measure=what,
                field=subject,
                part=self._parts[what, subject],
                whole=self._wholes[what, subject],
            )
        json_line(kind="summary", events=self.events, faults=self.faults)

    def _worst_first(self, what: Answering) -> list[str]:
        good = 1.0 if what is Answering.COMPLETE else 0.0
        shares = {field: self._share(what, field) for found, field in self._wholes if found is what and field}
        left = (field for field, share in shares.items() if share != good)
        return sorted(left, key=lambda field: (-abs(shares[field] - good), field))

    def _share(self, what: Answering, subject: str) -> float:
        return self._parts[what, subject] / self._wholes[what, subject]


def _waiting(outbox: Outbox) -> Iterator[Outcome]:
    codec, after = Codec(bundled()), 0
    while page := outbox.waiting(after):
        for item in page:
            try:
                event = codec.decode(item.value, SafetyEvent)
            except Undecodable as error:
                raise Failure(f"{outbox.path}: event {item.sequence} is of another version ({error.reason})") from None
            yield Read(item.sequence, event)
        after = page[-1].sequence
