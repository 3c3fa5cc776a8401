"""What was read -> the outbox, in transactions of bounded size; faults go past it to whoever reports them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from producers.encoding import Encode
from producers.entrance import TO_BE_SENT, Entering
from producers.outbox import Outbox
from producers.readers.outcome import Fault, Outcome, Read, Reason
from producers.revisions import Standing, Verdict
from schemas.records import SafetyEvent

BATCH_EVENTS = 500
_BATCH_CHARACTERS = 4_000_000
_TAKEN = (
    "held under this revision with other content: give the change the next revision,"
    " or use --corrections where the source counts none"
)
_REMOVED = "this event was removed from the PSES (42 CFR 3.20): new information needs an event id of its own"


@dataclass(slots=True)
class Tally:
    """What became of the rows of a file. All but `faults` count events."""

    captured: int = 0
    corrections: int = 0
    known: int = 0
    faults: int = 0


def _untold(_read: Read, _found: Standing) -> None:
    """Nobody asks which row is held as what."""


@dataclass(slots=True)
class Capturing:
    """Puts events into an outbox, one commit per batch: an event is counted, and told to `held`, only when it is on disk."""

    outbox: Outbox
    encode: Encode
    report: Callable[[Fault], None]
    corrections: bool = False
    tally: Tally = field(default_factory=Tally)
    entering: Entering = TO_BE_SENT
    held: Callable[[Read, Standing], None] = _untold

    def take(self, outcomes: Iterable[Outcome]) -> None:
        """Stores every event and reports every fault. Raises Failure when the outbox cannot be written."""
        batch: list[Read] = []
        room = _BATCH_CHARACTERS
        for outcome in outcomes:
            if isinstance(outcome, Fault):
                self._fault(outcome)
                continue
            batch.append(outcome)
            room -= _characters(outcome.event)
            if len(batch) >= BATCH_EVENTS or room <= 0:
                self._store(batch)
                batch, room = [], _BATCH_CHARACTERS
        if batch:
            self._store(batch)

    def _store(self, batch: list[Read]) -> None:
        events = [read.event for read in batch]
        standings = self.outbox.capture(events, self.encode, corrections=self.corrections, entering=self.entering)
        for read, found in zip(batch, standings, strict=True):
            match found.verdict:
                case Verdict.NEW:
                    self.tally.captured += 1
                case Verdict.CORRECTION:
                    self.tally.corrections += 1
                case Verdict.KNOWN:
                    self.tally.known += 1
                case Verdict.REVISION_TAKEN:
                    self._fault(Fault(read.row, "revision", Reason.REVISION_TAKEN, _TAKEN))
                    continue
                case Verdict.REMOVED:
                    self._fault(Fault(read.row, "event_id", Reason.REMOVED, _REMOVED))
                    continue
            self.held(read, found)

    def _fault(self, fault: Fault) -> None:
        self.tally.faults += 1
        self.report(fault)


def _characters(event: SafetyEvent) -> int:
    return sum([len(narrative.text) for narrative in event.narratives])
