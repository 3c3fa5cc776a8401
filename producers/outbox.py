"""The provider's durable queue and register: an event stays until its delivery report; the receipt stays for good."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

import msgspec

from producers.clock import Clock, instant_of, instant_text
from producers.custody.pen import Pen
from producers.entrance import TO_BE_SENT, Entering, Entrance
from producers.failure import Failure
from producers.outbox_file import bind, connect, explained, immediate
from producers.outbox_format import KEEP_RESERVE
from producers.pses.entries import report_entry
from producers.revisions import Standing
from schemas.records import SafetyEvent

PAGE_EVENTS = 500
PAGE_BYTES = 8_388_608


class State(StrEnum):
    """Where an event is that is to be sent. What only waits in the PSES is in none of these (producers/custody/acts.py)."""

    CAPTURED = "captured"
    SENT = "sent"
    REFUSED = "refused"  # the broker will never take it as it is


class Waiting(NamedTuple):
    """An event that is to be sent."""

    sequence: int
    key: bytes
    value: bytes


class Receipt(NamedTuple):
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

    state: State | None
    """None: it is held and not to be sent; it only entered, was reported functionally, or was removed."""
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
        self,
        events: Sequence[SafetyEvent],
        encode: Callable[[SafetyEvent], bytes],
        *,
        corrections: bool = False,
        entering: Entering = TO_BE_SENT,
    ) -> list[Standing]:
        """Stores what is new, with the time at which it entered the PSES (42 CFR 3.20), and says how each event stood.

        With `corrections`, other content under a revision already held becomes the next revision.
        """
        entered_at = instant_text(self._clock())
        with self.transaction() as connection:
            connection.execute(KEEP_RESERVE)
            return Entrance(connection, entered_at, encode, entering).admit(events, corrections=corrections)

    def waiting(self, after: int, most: int = PAGE_EVENTS) -> list[Waiting]:
        """The next events to be sent behind this sequence number, oldest first, as many as memory bears."""
        with explained(self.path):
            return _page(self._connection, after, most)

    def offer(self, after: int, most: int = PAGE_EVENTS) -> list[Waiting]:
        """As `waiting`, for handing to the broker: on record before it happens.

        From here on nobody can say whether the PSO has these events until the broker answers: killed in between, they
        may have been reported, and what may have been reported is not removed (42 CFR 3.20, (2)(ii)(A)).
        """
        with self.transaction() as connection:
            page = _page(connection, after, most)
            connection.executemany(
                "INSERT INTO offered VALUES (?, 1) ON CONFLICT DO UPDATE SET unanswered = unanswered + 1",
                ((waiting.sequence,) for waiting in page),
            )
        return page

    def settle(self, receipts: Sequence[Receipt], refusals: Sequence[Refusal]) -> None:
        """Delivered events are reported: they leave, their receipts stay. Refused ones stay with their reason."""
        try:
            self._settle(receipts, refusals)
        except Failure:
            with self.transaction() as connection:
                if not connection.execute("DELETE FROM reserve").rowcount:
                    raise
            self._settle(receipts, refusals)

    def _settle(self, receipts: Sequence[Receipt], refusals: Sequence[Refusal]) -> None:
        refused = "UPDATE events SET state = 'refused', reason = ? WHERE sequence = ? AND state = 'captured'"
        answered = "UPDATE offered SET unanswered = unanswered - 1 WHERE sequence = ?"
        at = instant_text(self._clock())
        with self.transaction() as connection:
            _reported(connection, receipts, at)
            connection.executemany(refused, ((r.reason, r.sequence) for r in refusals))
            if refusals:  # the broker said no: only an earlier offer without an answer is left in doubt
                connection.executemany(answered, ((r.sequence,) for r in refusals))
                connection.execute("DELETE FROM offered WHERE unanswered <= 0")

    def try_refused_again(self) -> int:
        """Refused events wait again; how many."""
        with self.transaction() as connection:
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
        known = State(state) if state in frozenset(State) else None
        return Fate(known, entered_at, reason, Receipt(*place) if known is State.SENT else None)

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    @property
    def connection(self) -> sqlite3.Connection:
        """For those who only read, and inside `transaction`."""
        return self._connection

    def now(self) -> str:
        """The instant, by the clock that this outbox was given."""
        return instant_text(self._clock())

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Everything inside is done and on disk at the end, or nothing of it. Raises Failure."""
        with explained(self.path), immediate(self._connection) as connection:
            yield connection


def _page(connection: sqlite3.Connection, after: int, most: int) -> list[Waiting]:
    query = "SELECT sequence, key, value FROM events WHERE state = 'captured' AND sequence > ? ORDER BY sequence LIMIT ?"
    page: list[Waiting] = []
    room = PAGE_BYTES
    cursor = connection.execute(query, (after, most))
    for sequence, key, value in cursor:
        page.append(Waiting(sequence, key.encode(), value))
        room -= len(value)
        if room <= 0:
            break
    cursor.close()
    return page


def _reported(connection: sqlite3.Connection, receipts: Sequence[Receipt], at: str) -> None:
    """A second receipt changes nothing: the first one stands."""
    sequences = msgspec.json.encode([r.sequence for r in receipts]).decode()
    query = (
        "SELECT sequence, key, event_id, revision FROM events"
        " WHERE sequence IN (SELECT value FROM json_each(?)) AND ended_entry IS NULL"
    )
    found = {row[0]: row for row in connection.execute(query, (sequences,))}
    pen, rows = Pen(connection), []
    for r in receipts:
        if (row := found.pop(r.sequence, None)) is not None:
            sequence, key, event_id, revision = row
            place = r[1:]
            number = pen.write(sequence, report_entry(at, (key[: -len(event_id) - 1], event_id, revision), place))
            rows.append((number, *place, sequence))
    sent = (
        "UPDATE events SET state = 'sent', value = NULL, reason = NULL, ended_entry = ?,"
        ' topic = ?, partition = ?, "offset" = ?, timestamp = ? WHERE sequence = ?'
    )
    connection.executemany(sent, rows)
    pen.done()  # after the events have given up their bytes: a full disk must not keep an outbox from being emptied
