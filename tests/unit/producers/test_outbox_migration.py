"""An outbox of the first format gets its register from the times that it kept."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from producers.custody.acts import Custody
from producers.custody.reading import entries
from producers.custody.verify import Register
from producers.failure import Failure
from producers.outbox import Outbox, Receipt, State
from producers.pses.entries import export_line
from producers.pses.items import Act

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
FORMAT_1 = """
CREATE TABLE bound (destination TEXT NOT NULL);
CREATE TABLE events (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL, event_id TEXT NOT NULL, revision INTEGER NOT NULL,
    digest BLOB NOT NULL, entered_at TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'captured' CHECK (state IN ('captured', 'sent', 'refused')),
    value BLOB, reason TEXT, topic TEXT, partition INTEGER, "offset" INTEGER, timestamp INTEGER,
    UNIQUE (key, revision, digest), CHECK ((state = 'sent') = (value IS NULL)),
    CHECK ((state = 'sent') = ("offset" IS NOT NULL))
);
CREATE INDEX events_not_sent ON events (state, sequence) WHERE state <> 'sent';
INSERT INTO bound VALUES ('topic-a');
INSERT INTO events VALUES
    (3, 'p|evt-1', 'evt-1', 1, x'01', '2025-01-02T03:04:05.000000Z', 'sent', NULL, NULL, 'topic-a', 2, 41, 1735787046500),
    (5, 'p|evt-2', 'evt-2', 1, x'02', '2025-01-02T03:04:06.000000Z', 'captured', x'aa', NULL, NULL, NULL, NULL, NULL),
    (9, 'p|evt-3', 'evt-3', 4, x'03', '2025-01-02T03:04:07.000000Z', 'refused', x'bb', 'BAD', NULL, NULL, NULL, NULL);
PRAGMA user_version = 1;
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "outbox.sqlite"
    connection = sqlite3.connect(made)
    connection.executescript(FORMAT_1)
    connection.close()
    return made


def test_every_event_keeps_its_place_its_time_and_its_receipt(path: Path) -> None:
    with Outbox(path, lambda: NOON) as outbox:
        outbox.bind("topic-a")
        assert outbox.counts() == {State.CAPTURED: 1, State.SENT: 1, State.REFUSED: 1}
        assert [(event, revision, receipt.offset) for event, revision, receipt in outbox.receipts()] == [("evt-1", 1, 41)]
        assert [(waiting.sequence, waiting.value) for waiting in outbox.waiting(0)] == [(5, b"\xaa")]
        assert outbox.refusals() == {"BAD": 1}


def test_its_register_is_whole_and_says_that_it_was_written_later(path: Path) -> None:
    with Outbox(path, lambda: NOON) as outbox:
        told = list(entries(outbox))
        assert Register(export_line(entry, sealed) for entry, sealed in told).faults == []
        assert [(entry.act, entry.event, entry.at) for entry, _ in told] == [
            (Act.ENTER, "evt-1", "2025-01-02T03:04:05.000000Z"),
            (Act.REPORT, "evt-1", "2025-01-02T03:04:06.500000Z"),
            (Act.ENTER, "evt-2", "2025-01-02T03:04:06.000000Z"),
            (Act.ENTER, "evt-3", "2025-01-02T03:04:07.000000Z"),
        ]
        assert all(entry.migrated for entry, _ in told)


def test_what_waited_may_have_been_handed_to_the_broker_and_is_not_removed(path: Path) -> None:
    with Outbox(path, lambda: NOON) as outbox:
        assert Custody(outbox).counts()["offered"] == 2
        with pytest.raises(Failure, match="handed to the broker"):
            Custody(outbox).remove(["evt-2"], "quality office", "entered by mistake")


def test_it_goes_on_as_an_outbox_of_today(path: Path) -> None:
    with Outbox(path, lambda: NOON) as outbox:
        outbox.settle([Receipt(5, "topic-a", 0, 42, 1735787046500)], [])
        assert outbox.try_refused_again() == 1
    with Outbox(path, lambda: NOON) as outbox:
        assert [(entry.act, entry.event) for entry, _ in entries(outbox)][-1] == (Act.REPORT, "evt-2")
        assert [waiting.sequence for waiting in outbox.waiting(0)] == [9]
