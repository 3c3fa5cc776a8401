"""Writes entries at the end of the register, inside a transaction of the outbox."""

import sqlite3
from operator import attrgetter

import msgspec

from producers.pses.entries import GENESIS, Entry, entry_hash
from producers.pses.items import Act

KEPT = ("policy", "pso", "claimed_at", "corrects", "clause", "items", "list_sha256", "actor", "reason", "migrated")
"""The fields of an entry that the register keeps itself; all others stand in the row of the event."""


_kept_values = attrgetter(*KEPT)


class Pen:
    """One per transaction. What is written is in the file after `done`, and safe with the transaction's commit."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        last = connection.execute("SELECT number, hash FROM register ORDER BY number DESC LIMIT 1").fetchone()
        self._number: int = last[0] if last else 0
        self._hash: bytes = last[1] if last else GENESIS
        self._connection = connection
        self._rows: list[tuple[int, int, str, str | None, str | None, bytes]] = []

    def write(self, sequence: int, entry: Entry) -> int:
        """Puts the entry at the end, under the next number, which is returned."""
        self._number += 1
        sealed = msgspec.structs.replace(entry, number=self._number, previous=self._hash.hex())
        self._hash = entry_hash(sealed)
        at = None if entry.act is Act.ENTER else entry.at
        self._rows.append((self._number, sequence, entry.act, at, _kept(entry), self._hash))
        return self._number

    def done(self) -> None:
        """Puts what was written into the table."""
        self._connection.executemany("INSERT INTO register VALUES (?, ?, ?, ?, ?, ?)", self._rows)
        self._rows = []


def _kept(entry: Entry) -> str | None:
    if entry.act is Act.REPORT and not entry.migrated:  # the receipt stands in the row of the event
        return None
    values = _kept_values(entry)
    if not any(values):
        return None
    return msgspec.json.encode({name: value for name, value in zip(KEPT, values, strict=True) if value}).decode()
