"""Reads the register: each entry with what the outbox says of its item, and the hash under which it was written."""

from collections.abc import Iterator
from typing import Any

import msgspec

from producers.outbox import Outbox
from producers.outbox_file import explained
from producers.pses.entries import GENESIS, Entry
from producers.pses.items import Act

_JOINED = (
    "SELECT r.number, r.act, coalesce(r.at, e.entered_at), r.details, r.hash, coalesce(p.hash, ?), e.key, e.event_id,"
    ' e.revision, e.digest, e.matter, e.topic, e.partition, e."offset", e.timestamp'
    " FROM register r JOIN events e ON e.sequence = r.sequence LEFT JOIN register p ON p.number = r.number - 1"
)
_SOME = " WHERE r.number IN (SELECT value FROM json_each(?)) ORDER BY r.number"


def entries(outbox: Outbox) -> Iterator[tuple[Entry, bytes]]:
    """Every entry in order, with the hash that the register holds for it."""
    return _read(outbox, _JOINED + " ORDER BY r.number")


def entries_of(outbox: Outbox, sequences: list[int]) -> list[tuple[Entry, bytes]]:
    """The entries of these rows of the outbox, in order."""
    numbers = (
        "SELECT entered_entry FROM events WHERE sequence IN (SELECT value FROM json_each(?1))"
        " UNION SELECT ended_entry FROM events WHERE sequence IN (SELECT value FROM json_each(?1))"
    )
    with explained(outbox.path):
        found = [number for (number,) in outbox.connection.execute(numbers, (msgspec.json.encode(sequences).decode(),))]
    wanted = msgspec.json.encode([number for number in found if number is not None]).decode()
    return list(_read(outbox, _JOINED + _SOME, wanted))


def head(outbox: Outbox) -> tuple[int, bytes]:
    """Number and hash of the last entry."""
    with explained(outbox.path):
        row = outbox.connection.execute("SELECT number, hash FROM register ORDER BY number DESC LIMIT 1").fetchone()
    return (row[0], row[1]) if row else (0, GENESIS)


def _read(outbox: Outbox, query: str, *values: str) -> Iterator[tuple[Entry, bytes]]:
    with explained(outbox.path):
        for row in outbox.connection.execute(query, (GENESIS, *values)):
            yield _entry(row), row[4]


def _entry(row: tuple[Any, ...]) -> Entry:
    number, act, at, details, _, previous, key, event_id, revision, digest, matter, *place = row
    fields: dict[str, Any] = msgspec.json.decode(details) if details else {}
    if act == Act.ENTER:
        fields |= {"content": digest.hex(), "matter": matter}
    elif act == Act.REPORT:
        fields |= dict(zip(("topic", "partition", "offset", "timestamp"), place, strict=True))
    return Entry(number, previous.hex(), Act(act), at, key[: -len(event_id) - 1], event_id, revision, **fields)
