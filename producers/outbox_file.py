"""The outbox's SQLite file: made for its owner's eyes only, never acknowledged before it is on disk."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from producers.durable import sync
from producers.failure import ExitCode, Failure
from producers.outbox_format import FORMAT, make, migrate_from_1

_BUSY_MS = 10_000
_CACHE_KIB = 32_768

_REMEDIES = {
    "SQLITE_FULL": "the disk (or its quota) is full: make room and run the command again",
    "SQLITE_BUSY": "another program holds it: close that program and run the command again",
    "SQLITE_LOCKED": "another program holds it: close that program and run the command again",
    "SQLITE_READONLY": "it cannot be written: give this user the right to write the file and its directory",
    "SQLITE_PERM": "it cannot be opened: give this user the right to read and write it",
    "SQLITE_CANTOPEN": "it cannot be opened: create its directory, or name another file in PSO_PRODUCE_OUTBOX",
    "SQLITE_NOTADB": "it is no outbox: name another file in PSO_PRODUCE_OUTBOX",
    "SQLITE_CORRUPT": "it is damaged: keep a copy for the events in it, then restore it from a backup",
    "SQLITE_IOERR": "the disk does not answer: check it and run the command again",
}


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turns what SQLite says into one line with a remedy. What was not committed stays with its source."""
    try:
        yield
    except sqlite3.Error as error:
        name = getattr(error, "sqlite_errorname", None) or "SQLITE_ERROR"
        remedy = next((text for code, text in _REMEDIES.items() if name.startswith(code)), f"{name}: see the manual")
        raise Failure(f"outbox {path}: {remedy}") from None
    except OSError as error:
        raise Failure(f"outbox {path}: {error.strerror}: name a file that can be written in PSO_PRODUCE_OUTBOX") from None


@contextmanager
def immediate(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """One transaction that writes: done and on disk at its end, or not done at all."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def connect(path: Path, max_pages: int | None = None) -> sqlite3.Connection:
    """Opens an outbox, making it when absent. `max_pages` bounds its size. Raises Failure."""
    with explained(path):
        create_for_owner_only(path)
        connection = sqlite3.connect(path, isolation_level=None)
        try:
            configure(connection, max_pages)
            _prepare(connection, path)
        except BaseException:
            connection.close()
            raise
        return connection


def bind(connection: sqlite3.Connection, path: Path, destination: str) -> None:
    """Ties an outbox to one topic for good: events must not go to another arrangement than they were meant for."""
    with explained(path):
        connection.execute("INSERT INTO bound SELECT ? WHERE NOT EXISTS (SELECT 1 FROM bound)", (destination,))
        (held,) = connection.execute("SELECT destination FROM bound").fetchone()
    if held != destination:
        told = f"outbox {path} belongs to topic {held}, not {destination}: name another file in PSO_PRODUCE_OUTBOX"
        raise Failure(told, ExitCode.REFUSED)


def create_for_owner_only(path: Path) -> None:
    """SQLite's own files beside it (-wal, -shm) take the mode of the database."""
    if path.exists():
        return
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    sync(path.absolute().parent)


def configure(connection: sqlite3.Connection, max_pages: int | None = None) -> None:
    """On disk before it is acknowledged; what is deleted is overwritten."""
    connection.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    # A sent event's bytes are identified work product: they are overwritten, not only unlinked.
    connection.execute("PRAGMA secure_delete = ON")
    # Event ids are in no order: each batch touches pages all over the index, which 2 MiB, the default, do not hold.
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    if max_pages is not None:
        connection.execute(f"PRAGMA max_page_count = {max_pages}")


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute("BEGIN IMMEDIATE")
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version == 0:
        make(connection)
    elif version == 1:
        migrate_from_1(connection)
    connection.execute("COMMIT")
    if version not in (0, 1, FORMAT):
        raise Failure(f"outbox {path}: written by another version ({version}): use that version to empty it")
