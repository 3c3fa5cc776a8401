"""How events come into the PSES: each with its entry in the register, in one transaction with the event itself."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from producers.custody.pen import Pen
from producers.identity import digest_of
from producers.outbox_format import INSERT_EVENT
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
class Entrance:
    """Lets events in, one after the other, inside one transaction."""

    connection: sqlite3.Connection
    pen: Pen
    entered_at: str
    encode: Callable[[SafetyEvent], bytes]
    entering: Entering

    def admit(self, event: SafetyEvent, *, corrections: bool) -> Standing:
        key, digest = keys.of_event(event), digest_of(event)
        query = "SELECT revision, digest, state = 'removed' FROM events WHERE key = ? ORDER BY revision, sequence"
        rows = self.connection.execute(query, (key,)).fetchall()
        held = [(revision, held_digest) for revision, held_digest, _ in rows]
        removed = any(gone for _, _, gone in rows)
        found = standing(event.revision, digest, held, corrections=corrections, removed=removed)
        if found.stores:
            corrects = max((earlier for earlier, _ in held if earlier < found.revision), default=None)
            self._store(event, self._filled(event, found), digest, corrects)
        return found

    def _store(self, event: SafetyEvent, stored: SafetyEvent, digest: bytes, corrects: int | None) -> None:
        entry = Entry(
            0,
            "",
            Act.ENTER,
            self.entered_at,
            event.provider,
            event.event_id,
            stored.revision,
            digest.hex(),
            self.entering.matter,
            policy=stored.pses_policy,
            pso=self.entering.pso,
            claimed_at=event.pses_entered_at,
            corrects=corrects,
        )
        state = "captured" if self.entering.send else "entered"
        columns = (keys.of_event(event), event.event_id, stored.revision, digest, self.entered_at, self.entering.matter)
        cursor = self.connection.execute(INSERT_EVENT, (*columns, self.pen.following, state, self.encode(stored)))
        self.pen.write(int(cursor.lastrowid or 0), entry)

    def _filled(self, event: SafetyEvent, found: Standing) -> SafetyEvent:
        action = Action.CORRECT if found.corrects and event.action is Action.REPORT else event.action
        return msgspec.structs.replace(
            event,
            revision=found.revision,
            action=action,
            pses_entered_at=event.pses_entered_at or self.entered_at,
            pses_policy=event.pses_policy or self.entering.policy,
        )
