"""The gateway's own file beside the outboxes: keys, receipts, answers given, drafts of the form. For its owner's eyes only."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from producers.failure import Failure
from producers.outbox_file import configure, create_for_owner_only, immediate

LEDGER = "ledger.sqlite"
FORMAT = 1

_TABLES = """
CREATE TABLE keys (
    key_id TEXT PRIMARY KEY,
    digest BLOB NOT NULL,
    provider TEXT NOT NULL,
    arrangement TEXT NOT NULL,
    system TEXT NOT NULL,
    scopes TEXT NOT NULL,
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    revoked_at TEXT
);
CREATE TABLE receipts (
    receipt TEXT PRIMARY KEY,
    arrangement TEXT NOT NULL,
    provider TEXT NOT NULL,
    event_id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    UNIQUE (arrangement, provider, event_id, revision)
);
CREATE TABLE answers (
    arrangement TEXT NOT NULL,
    provider TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    digest BLOB NOT NULL,
    given_at TEXT NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (arrangement, provider, idempotency_key)
);
CREATE INDEX answers_by_age ON answers (given_at);
CREATE TABLE drafts (
    key_id TEXT PRIMARY KEY,
    body BLOB NOT NULL
)
"""


def make_folder(folder: Path) -> None:
    """For its owner's eyes only: it will hold identified work product. Raises Failure."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Failure(f"gateway folder {folder}: {error.strerror}: name another in PSO_GATEWAY_DIR") from None


def outbox_path(folder: Path, arrangement: str) -> Path:
    """The outbox of an arrangement in the gateway's folder."""
    return folder / f"outbox-{arrangement}.sqlite"


class Ledger:
    """One open ledger file, used by the thread that opened it."""

    def __init__(self, path: Path) -> None:
        """Opens the file, making it when absent. Raises Failure."""
        self.path = path
        with self._explained():
            create_for_owner_only(path)
            self._connection = sqlite3.connect(path, isolation_level=None)
            try:
                configure(self._connection)
                self._prepare()
            except BaseException:
                self._connection.close()
                raise

    def rows(self, question: str, *values: object) -> list[tuple[object, ...]]:
        """The rows that answer a question. Raises Failure."""
        with self._explained():
            return self._connection.execute(question, values).fetchall()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """What is done inside is on disk when it ends, or not done at all. Raises Failure."""
        with self._explained(), immediate(self._connection) as connection:
            yield connection

    def close(self) -> None:
        self._connection.close()

    def _prepare(self) -> None:
        with immediate(self._connection) as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version == 0:
                for statement in _TABLES.split(";\n"):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {FORMAT}")
        if version not in (0, FORMAT):
            raise Failure(f"gateway ledger {self.path}: written by another version ({version})")

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            name = getattr(error, "sqlite_errorname", None) or "SQLITE_ERROR"
            raise Failure(f"gateway ledger {self.path}: {name}: check the disk, the file and its directory") from None
        except OSError as error:
            raise Failure(f"gateway ledger {self.path}: {error.strerror}: name a folder in PSO_GATEWAY_DIR") from None
