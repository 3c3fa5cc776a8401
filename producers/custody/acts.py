"""What a person does with events that wait in the PSES: remove them, have them reported, report them functionally."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from producers.custody.pen import Pen
from producers.failure import ExitCode, Failure
from producers.outbox import Outbox
from producers.outbox_file import explained
from producers.pses.entries import Entry, list_hash
from producers.pses.items import Act, Item, Matter, PsesState
from producers.pses.moves import refused

_TOLD = 20

_STATES = {
    "entered": PsesState.IN_PSES,
    "captured": PsesState.IN_PSES,
    "refused": PsesState.IN_PSES,
    "sent": PsesState.REPORTED,
    "functional": PsesState.REPORTED,
    "removed": PsesState.REMOVED,
}
"""Where the law sees an event that the outbox has in this state."""


@dataclass(frozen=True, slots=True)
class Held:
    """A row of the outbox as an item of the PSES. `content`: SHA-256 of what the event said, hex."""

    sequence: int
    provider: str
    content: str
    queue: str
    item: Item


class Custody:
    """The acts on one outbox. Each is lawful for every event it names, or not done for any. All raise Failure."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox

    def held(self, events: Sequence[str]) -> list[Held]:
        """Every revision of these events, in order of entry. `events`: event ids, or provider|event where two share one."""
        with explained(self._outbox.path):
            return [held for revisions in _named(self._outbox.connection, events) for held in revisions]

    def remove(self, events: Sequence[str], actor: str, reason: str) -> int:
        """Takes events out of the PSES and overwrites their bytes; how many revisions. The register keeps who, when and why."""
        gone = "UPDATE events SET state = 'removed', value = NULL, reason = NULL, ended_entry = ? WHERE sequence = ?"
        return self._end(gone, Act.REMOVE, events, {"actor": actor, "reason": reason})

    def report_functionally(self, events: Sequence[str], clause: str) -> int:
        """Documents that the PSO has access to these events where they are; how many revisions.

        The register keeps the clause of the contract under which this is reporting (73 FR 70741), and for each item how
        many the act has and the hash of their list.
        """
        reported = "UPDATE events SET state = 'functional', reason = NULL, ended_entry = ? WHERE sequence = ?"
        return self._end(reported, Act.REPORT_FUNCTIONALLY, events, {"clause": clause})

    def queue(self, events: Sequence[str]) -> int:
        """Has these events sent with the next flush; how many revisions. They are reported when the broker has them."""
        with self._outbox.transaction() as connection:
            lawful = [held for held in _lawful(connection, Act.REPORT, events) if held.queue != "captured"]
            queued = "UPDATE events SET state = 'captured', reason = NULL WHERE sequence = ?"
            connection.executemany(queued, ((held.sequence,) for held in lawful))
        return len(lawful)

    def queue_all(self) -> int:
        """Has everything sent that waits in the PSES; how many revisions."""
        with self._outbox.transaction() as connection:
            return connection.execute("UPDATE events SET state = 'captured' WHERE state = 'entered'").rowcount

    def counts(self) -> dict[str, int]:
        """How many revisions are where, in the law's terms; `offered` are those in the PSES that the PSO may have already."""
        query = (
            "SELECT CASE state WHEN 'sent' THEN 'reported' WHEN 'functional' THEN 'functionally_reported'"
            " WHEN 'removed' THEN 'removed' ELSE 'in_pses' END, count(*) FROM events GROUP BY 1"
        )
        offered = "SELECT count(*) FROM offered JOIN events USING (sequence) WHERE ended_entry IS NULL"
        with explained(self._outbox.path):
            found = dict(self._outbox.connection.execute(query).fetchall())
            (found["offered"],) = self._outbox.connection.execute(offered).fetchone()
        return {name: found.get(name, 0) for name in ("in_pses", "offered", "reported", "functionally_reported", "removed")}

    def _end(self, statement: str, act: Act, events: Sequence[str], words: dict[str, str]) -> int:
        at = self._outbox.now()
        with self._outbox.transaction() as connection:
            lawful = _lawful(connection, act, events)
            facts: dict[str, str | int] = dict(words)
            if act is Act.REPORT_FUNCTIONALLY:
                listed = [(held.provider, held.item.event, held.item.revision, held.content) for held in lawful]
                facts |= {"items": len(listed), "list_sha256": list_hash(listed)}
            pen = Pen(connection)
            for held in lawful:
                subject = (held.provider, held.item.event, held.item.revision)
                number = pen.write(held.sequence, Entry(0, "", act, at, *subject, **facts))  # type: ignore[arg-type]
                connection.execute(statement, (number, held.sequence))
            pen.done()
        return len(lawful)


def _lawful(connection: sqlite3.Connection, act: Act, events: Sequence[str]) -> list[Held]:
    """What the act is done to: the revisions of these events that are in the PSES. Raises Failure when any is refused."""
    named = _named(connection, events)
    answers = [answer for revisions in named for answer in refused(act, [held.item for held in revisions])]
    if answers:
        lines = [str(answer) for answer in answers[:_TOLD]]
        more = [f"{len(answers) - _TOLD} more are refused"] if len(answers) > _TOLD else []
        raise Failure("\n".join((*lines, *more, "nothing was done")), ExitCode.REFUSED)
    return [held for revisions in named for held in revisions if held.item.state is PsesState.IN_PSES]


def _named(connection: sqlite3.Connection, events: Sequence[str]) -> list[list[Held]]:
    query = (
        "SELECT sequence, key, event_id, revision, state, matter, digest,"
        " EXISTS (SELECT 1 FROM offered WHERE offered.sequence = events.sequence) FROM events"
        " WHERE event_id IN (SELECT value FROM json_each(?1)) OR key IN (SELECT value FROM json_each(?1)) ORDER BY sequence"
    )
    found: dict[str, list[Held]] = {}
    for sequence, key, event_id, revision, state, matter, digest, offered in connection.execute(
        query, (msgspec.json.encode(list(events)).decode(),)
    ):
        item = Item(event_id, revision, _STATES[state], Matter(matter), bool(offered))
        held = Held(sequence, key[: -len(event_id) - 1], digest.hex(), state, item)
        found.setdefault(key, []).append(held)
    _refuse_unknown(events, found)
    return list(found.values())


def _refuse_unknown(events: Sequence[str], found: dict[str, list[Held]]) -> None:
    keys_of: dict[str, list[str]] = {}
    for key, revisions in found.items():
        keys_of.setdefault(revisions[0].item.event, []).append(key)
    unknown = [event for event in events if event not in keys_of and event not in found]
    if unknown:
        raise Failure(f"the outbox holds no event {', '.join(unknown[:_TOLD])}: nothing was done")
    for event in events:
        if len(keys_of.get(event, ())) > 1:
            raise Failure(f"event {event} is of several providers: name it as {' or '.join(keys_of[event])}; nothing was done")
