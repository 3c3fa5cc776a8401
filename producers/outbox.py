"""The provider's durable queue and register: an event stays until its delivery report; the receipt stays for good."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from producers.clock import Clock, instant_of, instant_text
from producers.identity import digest_of
from producers.outbox_file import bind, connect, explained, immediate
from producers.revisions import Standing, standing
from schemas import keys
from schemas.records import SafetyEvent
from schemas.taxonomy import Action

PAGE_EVENTS = 500
PAGE_BYTES = 8_388_608


class State(StrEnum):
    """Where an event of the outbox is. Only `sent` holds no bytes of it any more."""

    CAPTURED = "captured"
    SENT = "sent"
    REFUSED = "refused"  # the broker will never take it as it is


@dataclass(frozen=True, slots=True)
class Waiting:
    """An event that is to be sent."""

    sequence: int
    key: bytes
    value: bytes


@dataclass(frozen=True, slots=True)
class Receipt:
    """Where the broker put an event, and its timestamp in milliseconds: what reconciliation compares."""

    sequence: int
    topic: str
    partition: int
    offset: int
    timestamp: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why the broker will not take an event: the name of Kafka's error."""

    sequence: int
    reason: str


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one revision of an event: a refused one has its reason, a sent one its receipt."""

    state: State
    entered_at: str
    reason: str | None
    receipt: Receipt | None


class Outbox:
    """One outbox file. Every method is one transaction: done and on disk when it returns, or not done at all."""

    def __init__(self, path: Path, clock: Clock, max_pages: int | None = None) -> None:
        """Opens the file, making it when absent. Raises Failure."""
        self.path = path
        self._clock = clock
        self._connection = connect(path, max_pages)

    def bind(self, destination: str) -> Self:
        """Ties the file to one topic. Raises Failure when it belongs to another."""
        bind(self._connection, self.path, destination)
        return self

    def capture(
        self, events: Sequence[SafetyEvent], encode: Callable[[SafetyEvent], bytes], *, corrections: bool = False
    ) -> list[Standing]:
        """Stores what is new, with the time at which it entered the PSES (42 CFR 3.20), and says how each event stood.

        With `corrections`, other content under a revision already held becomes the next revision.
        """
        entered_at = instant_text(self._clock())
        with self._transaction() as connection:
            return [self._capture_one(connection, event, entered_at, encode, corrections) for event in events]

    def waiting(self, after: int, most: int = PAGE_EVENTS) -> list[Waiting]:
        """The next captured events behind this sequence number, oldest first, as many as memory bears."""
        query = "SELECT sequence, key, value FROM events WHERE state = ? AND sequence > ? ORDER BY sequence LIMIT ?"
        page: list[Waiting] = []
        room = PAGE_BYTES
        with explained(self.path):
            cursor = self._connection.execute(query, (State.CAPTURED, after, most))
            for sequence, key, value in cursor:
                page.append(Waiting(sequence, key.encode(), value))
                room -= len(value)
                if room <= 0:
                    break
            cursor.close()
        return page

    def settle(self, receipts: Sequence[Receipt], refusals: Sequence[Refusal]) -> None:
        """Delivered events leave, their receipts stay; refused ones stay with their reason until tried again."""
        sent = (
            "UPDATE events SET state = 'sent', value = NULL, reason = NULL,"
            " topic = ?, partition = ?, \"offset\" = ?, timestamp = ? WHERE sequence = ? AND state <> 'sent'"
        )
        refused = "UPDATE events SET state = 'refused', reason = ? WHERE sequence = ? AND state = 'captured'"
        with self._transaction() as connection:
            connection.executemany(sent, ((r.topic, r.partition, r.offset, r.timestamp, r.sequence) for r in receipts))
            connection.executemany(refused, ((r.reason, r.sequence) for r in refusals))

    def try_refused_again(self) -> int:
        """Refused events wait again; how many."""
        with self._transaction() as connection:
            cursor = connection.execute("UPDATE events SET state = 'captured', reason = NULL WHERE state = 'refused'")
            return cursor.rowcount

    def counts(self) -> dict[State, int]:
        """How many events are in each state."""
        with explained(self.path):
            found = dict(self._connection.execute("SELECT state, count(*) FROM events GROUP BY state").fetchall())
        return {state: found.get(state, 0) for state in State}

    def refusals(self) -> dict[str, int]:
        """How many events the broker refused, by reason."""
        query = "SELECT reason, count(*) FROM events WHERE state = 'refused' GROUP BY reason ORDER BY reason"
        with explained(self.path):
            return dict(self._connection.execute(query).fetchall())

    def oldest_waiting(self) -> datetime | None:
        """When the oldest captured event was captured."""
        query = "SELECT entered_at FROM events WHERE state = 'captured' ORDER BY sequence LIMIT 1"
        with explained(self.path):
            row = self._connection.execute(query).fetchone()
        return instant_of(row[0]) if row else None

    def receipts(self) -> Iterator[tuple[str, int, Receipt]]:
        """Event id, revision and receipt of everything sent, in order of capture."""
        columns = 'event_id, revision, sequence, topic, partition, "offset", timestamp'
        with explained(self.path):
            for event_id, revision, *receipt in self._connection.execute(
                f"SELECT {columns} FROM events WHERE state = 'sent' ORDER BY sequence"  # noqa: S608 - a constant
            ):
                yield event_id, revision, Receipt(*receipt)

    def fate(self, key: str, revision: int) -> Fate | None:
        """What became of the event with this Kafka key under this revision; None when it is not held."""
        columns = 'state, entered_at, reason, sequence, topic, partition, "offset", timestamp'
        with explained(self.path):
            row = self._connection.execute(
                f"SELECT {columns} FROM events WHERE key = ? AND revision = ?",  # noqa: S608 - a constant
                (key, revision),
            ).fetchone()
        if row is None:
            return None
        state, entered_at, reason, *place = row
        return Fate(State(state), entered_at, reason, Receipt(*place) if state == State.SENT else None)

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _capture_one(
        self,
        connection: sqlite3.Connection,
        event: SafetyEvent,
        entered_at: str,
        encode: Callable[[SafetyEvent], bytes],
        corrections: bool,
    ) -> Standing:
        key, digest = keys.of_event(event), digest_of(event)
        held = connection.execute(
            "SELECT revision, digest FROM events WHERE key = ? ORDER BY revision, sequence", (key,)
        ).fetchall()
        found = standing(event.revision, digest, held, corrections=corrections)
        if found.stores:
            stored = _filled(event, found, entered_at)
            row = (key, event.event_id, stored.revision, digest, entered_at, encode(stored))
            connection.execute(_INSERT, row)
        return found

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with explained(self.path), immediate(self._connection) as connection:
            yield connection


_INSERT = "INSERT INTO events (key, event_id, revision, digest, entered_at, value) VALUES (?, ?, ?, ?, ?, ?)"


def _filled(event: SafetyEvent, found: Standing, entered_at: str) -> SafetyEvent:
    action = Action.CORRECT if found.corrects and event.action is Action.REPORT else event.action
    return msgspec.structs.replace(
        event, revision=found.revision, action=action, pses_entered_at=event.pses_entered_at or entered_at
    )
