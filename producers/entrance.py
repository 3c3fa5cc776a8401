"""How events come into the PSES: each with its entry in the register, in one transaction with the event itself."""

import sqlite3
from bisect import insort
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from operator import itemgetter

import msgspec

from producers.custody.pen import Pen
from producers.identity import digest_of
from producers.outbox_format import INSERT_EVENT, LAST_SEQUENCE
from producers.pses.entries import Entry
from producers.pses.items import Act, Matter
from producers.revisions import Standing, standing
from schemas import keys
from schemas.records import SafetyEvent
from schemas.taxonomy import Action


@dataclass(frozen=True, slots=True)
class Entering:
    """How events enter the PSES: under which policy, for which PSO, as what, and whether they are to be sent at once."""

    policy: str | None = None
    pso: str | None = None
    matter: Matter = Matter.FOR_REPORTING
    send: bool = True


TO_BE_SENT = Entering()


@dataclass(slots=True)
class _Held:
    """What the outbox holds under one key: revision and digest of each, oldest first."""

    revisions: list[tuple[int, bytes]] = field(default_factory=list)
    removed: bool = False


class Entrance:
    """Lets events in, in their order, inside one transaction: what is held is asked once, what is new is written at once."""

    def __init__(
        self, connection: sqlite3.Connection, entered_at: str, encode: Callable[[SafetyEvent], bytes], entering: Entering
    ) -> None:
        self._connection = connection
        self._pen = Pen(connection)
        self._entered_at = entered_at
        self._encode = encode
        self._entering = entering
        (self._sequence,) = connection.execute(LAST_SEQUENCE).fetchone()
        self._rows: list[tuple[object, ...]] = []

    def admit(self, events: Sequence[SafetyEvent], *, corrections: bool) -> list[Standing]:
        """How each event stands; what is new is in the file with its entry when this returns."""
        names = [keys.of_event(event) for event in events]
        held = _held(self._connection, names)
        standings = [self._one(event, key, held[key], corrections) for event, key in zip(events, names, strict=True)]
        self._connection.executemany(INSERT_EVENT, self._rows)
        self._pen.done()
        return standings

    def _one(self, event: SafetyEvent, key: str, held: _Held, corrections: bool) -> Standing:
        digest = digest_of(event)
        found = standing(event.revision, digest, held.revisions, corrections=corrections, removed=held.removed)
        if found.stores:
            corrects = max((earlier for earlier, _ in held.revisions if earlier < found.revision), default=None)
            self._write(event, found, key, digest, corrects)
            insort(held.revisions, (found.revision, digest), key=itemgetter(0))  # the next of the batch stands to this one too
        return found

    def _write(self, event: SafetyEvent, found: Standing, key: str, digest: bytes, corrects: int | None) -> None:
        stored = self._filled(event, found)
        entry = Entry(
            0,
            "",
            Act.ENTER,
            self._entered_at,
            event.provider,
            event.event_id,
            stored.revision,
            digest.hex(),
            self._entering.matter,
            policy=stored.pses_policy,
            pso=self._entering.pso,
            claimed_at=event.pses_entered_at,
            corrects=corrects,
        )
        self._sequence += 1
        number = self._pen.write(self._sequence, entry)
        state = "captured" if self._entering.send else "entered"
        columns = (event.event_id, stored.revision, digest, self._entered_at, self._entering.matter, number, state)
        self._rows.append((self._sequence, key, *columns, self._encode(stored)))

    def _filled(self, event: SafetyEvent, found: Standing) -> SafetyEvent:
        action = Action.CORRECT if found.corrects and event.action is Action.REPORT else event.action
        return msgspec.structs.replace(
            event,
            revision=found.revision,
            action=action,
            pses_entered_at=event.pses_entered_at or self._entered_at,
            pses_policy=event.pses_policy or self._entering.policy,
        )


def _held(connection: sqlite3.Connection, names: Sequence[str]) -> dict[str, _Held]:
    """What is held under each of the keys."""
    query = (
        "SELECT key, revision, digest, state = 'removed' FROM events"
        " WHERE key IN (SELECT value FROM json_each(?)) ORDER BY revision, sequence"
    )
    held = {key: _Held() for key in names}
    for key, revision, digest, gone in connection.execute(query, (msgspec.json.encode(names).decode(),)):
        held[key].revisions.append((revision, digest))
        held[key].removed |= bool(gone)
    return held
