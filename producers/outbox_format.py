"""The tables of an outbox file, and how a file of an earlier format becomes one of this format."""

import sqlite3
from datetime import UTC, datetime
from typing import Any

from producers.clock import instant_text
from producers.custody.pen import Pen
from producers.pses.entries import Entry, report_entry
from producers.pses.items import Act, Matter

FORMAT = 2

_TABLES = """
CREATE TABLE IF NOT EXISTS bound (destination TEXT NOT NULL);
CREATE TABLE events (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL,
    event_id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    digest BLOB NOT NULL,
    entered_at TEXT NOT NULL,
    matter TEXT NOT NULL CHECK (matter = 'for_reporting' OR matter = 'deliberation'),
    entered_entry INTEGER NOT NULL,
    ended_entry INTEGER,
    state TEXT NOT NULL CHECK (
        state = 'captured' OR state = 'sent' OR state = 'entered'
        OR state = 'refused' OR state = 'functional' OR state = 'removed'
    ),
    value BLOB,
    reason TEXT,
    topic TEXT,
    partition INTEGER,
    "offset" INTEGER,
    timestamp INTEGER,
    UNIQUE (key, revision, digest),
    CHECK ((state = 'sent' OR state = 'removed') = (value IS NULL)),
    CHECK ((state = 'sent' OR state = 'removed' OR state = 'functional') = (ended_entry IS NOT NULL)),
    CHECK ((state = 'sent') = ("offset" IS NOT NULL))
);
CREATE INDEX events_not_sent ON events (state, sequence) WHERE state <> 'sent';
CREATE TABLE offered (sequence INTEGER PRIMARY KEY, unanswered INTEGER NOT NULL);
CREATE TABLE reserve (room BLOB NOT NULL);
CREATE TABLE register (
    number INTEGER PRIMARY KEY,
    sequence INTEGER NOT NULL,
    act TEXT NOT NULL,
    at TEXT,
    details TEXT,
    hash BLOB NOT NULL
);
CREATE TRIGGER register_is_not_edited BEFORE UPDATE ON register
    BEGIN SELECT RAISE(ABORT, 'the register only grows'); END;
CREATE TRIGGER register_is_not_shortened BEFORE DELETE ON register
    BEGIN SELECT RAISE(ABORT, 'the register only grows'); END;
CREATE TRIGGER entry_is_not_edited
    BEFORE UPDATE OF key, event_id, revision, digest, entered_at, matter, entered_entry ON events
    BEGIN SELECT RAISE(ABORT, 'an entry into the PSES is never edited'); END;
CREATE TRIGGER end_is_not_left BEFORE UPDATE ON events WHEN OLD.ended_entry IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'what was reported or removed stays so'); END;
CREATE TRIGGER events_are_not_deleted BEFORE DELETE ON events
    BEGIN SELECT RAISE(ABORT, 'removal is an act, not a deletion'); END;
"""
"""An event that is `entered` waits in the PSES; `captured` waits to be sent; `functional` is reported and its bytes stay.

`offered` counts how often an event was handed to the broker without an answer; `reserve` keeps pages free for the entries
that empty a full outbox. A row of the register names the act; what it says of the item it takes from `events`, so that no
fact stands in two places (producers/custody/reading.py joins them). Conditions are written with OR: for every IN of a CHECK
SQLite builds a table at each row, half of an insert's time.
"""

KEEP_RESERVE = "INSERT INTO reserve SELECT zeroblob(65536) WHERE NOT EXISTS (SELECT 1 FROM reserve)"
"""More than the entries of one batch of receipts take. Given up when the disk is full, taken again before the next capture."""

LAST_SEQUENCE = "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'events'"
"""The highest that was ever given: AUTOINCREMENT gives none twice, also where one is given by name."""

INSERT_EVENT = (
    "INSERT INTO events (sequence, key, event_id, revision, digest, entered_at, matter, entered_entry, state, value)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


def make(connection: sqlite3.Connection) -> None:
    """The tables of this format. Inside the caller's transaction."""
    for statement in _TABLES.split(";\n"):
        connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {FORMAT}")


def migrate_from_1(connection: sqlite3.Connection) -> None:
    """Writes the register of a file that had none, from the times that it kept. Inside the caller's transaction.

    These entries say `migrated`: their order is that of capture, and a report has the broker's time. That format kept no
    record of offers: what waits in it may have been handed to the broker, and counts as offered.
    """
    connection.execute("DROP INDEX events_not_sent")
    connection.execute("ALTER TABLE events RENAME TO events_1")
    make(connection)
    pen = Pen(connection)
    for row in connection.execute("SELECT * FROM events_1 ORDER BY sequence"):
        _carry_over(connection, pen, row)
    pen.done()
    connection.execute("INSERT INTO offered SELECT sequence, 1 FROM events WHERE ended_entry IS NULL")
    connection.execute("DROP TABLE events_1")


def _carry_over(connection: sqlite3.Connection, pen: Pen, row: tuple[Any, ...]) -> None:
    sequence, key, event_id, revision, digest, entered_at, state, value, reason, *receipt = row
    subject = (key[: -len(event_id) - 1], event_id, revision)
    entered = Entry(0, "", Act.ENTER, entered_at, *subject, digest.hex(), Matter.FOR_REPORTING, migrated=True)
    entered_entry, ended_entry = pen.write(sequence, entered), None
    if state == "sent":
        at = instant_text(datetime.fromtimestamp(receipt[-1] / 1000, UTC))
        ended_entry = pen.write(sequence, report_entry(at, subject, tuple(receipt), migrated=True))
    columns = (key, event_id, revision, digest, entered_at, Matter.FOR_REPORTING, entered_entry, ended_entry, state, value)
    connection.execute(
        "INSERT INTO events (sequence, key, event_id, revision, digest, entered_at, matter, entered_entry, ended_entry,"
        ' state, value, reason, topic, partition, "offset", timestamp) VALUES (' + "?, " * 15 + "?)",
        (sequence, *columns, reason, *receipt),
    )
