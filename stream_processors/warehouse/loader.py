"""A batch of rows and the offsets behind it: one transaction, or nothing."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

import psycopg

from stream_processors.domain.rejection import Unavailable
from stream_processors.shapes import Effect, Sink
from stream_processors.warehouse import positions
from stream_processors.warehouse.append import Append
from stream_processors.warehouse.connections import Connection, away_is_unavailable, connect, refuses_a_row
from stream_processors.warehouse.fold import Fold
from stream_processors.warehouse.highest import Highest
from stream_processors.warehouse.positions import Advance, Place
from stream_processors.warehouse.tables import Row

BeforeCommit = Callable[[Sequence[int]], None]
"""Called with the indexes of the rows that PostgreSQL cannot take, before anything is committed. May raise Unavailable."""


class Writer(Protocol):
    """What an effect does with rows; inside a transaction, and all of them or none."""

    def put(self, rows: Sequence[Row]) -> int:
        """Write them the fast way; how many changed something."""

    def put_new(self, rows: Sequence[Row]) -> int:
        """Write them the way that minds what is there."""


WRITERS: Mapping[Effect, Callable[[Connection, Sink], Writer]] = {
    Effect.APPEND: Append,
    Effect.HIGHEST: Highest,
    Effect.FOLD: Fold,
}


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of a batch: rows that changed something, and rows that PostgreSQL refused; the rest was known."""

    written: int
    refused: int


class Loader:
    """Loads the rows of one sink. Connects when it is needed, and again after PostgreSQL was away."""

    def __init__(self, sink: Sink, database_url: str, password: str | None = None) -> None:
        self._sink = sink
        self._database_url = database_url
        self._password = password
        self._connection: Connection | None = None
        self._writer: Writer | None = None

    def positions(self, places: Collection[Place]) -> Mapping[Place, int]:
        """Where to go on reading. Raises Unavailable."""
        with self._session() as connection, connection.transaction():
            return positions.read(connection, self._sink.name, places)

    def load(self, rows: Sequence[Row], moves: Sequence[Advance], before_commit: BeforeCommit) -> Loaded:
        """Write rows and move positions. Raises Fenced, Unavailable, WarehouseFailed; then nothing has happened.

        One exception to that: a connection that breaks during the commit leaves it open whether it happened. The second
        try is then fenced, and the position is read anew.
        """
        refused: list[int] = []
        with self._session() as connection, connection.transaction():
            positions.advance(connection, self._sink.name, moves)
            written = self._write(connection, rows, 0, refused) if rows else 0
            before_commit(refused)
        return Loaded(written, len(refused))

    def close(self) -> None:
        """Let go of the connection."""
        if self._connection is not None:
            self._connection.close()
        self._connection = self._writer = None

    @contextmanager
    def _session(self) -> Iterator[Connection]:
        try:
            with away_is_unavailable():
                if self._connection is None:
                    self._connection = connect(self._database_url, f"pso-sink-{self._sink.name}", self._password)
                    self._writer = WRITERS[self._sink.effect](self._connection, self._sink)
                yield self._connection
        except Unavailable:
            self.close()
            raise

    def _write(self, connection: Connection, rows: Sequence[Row], first: int, refused: list[int]) -> int:
        writer = self._writer
        assert writer is not None, "called inside a session"
        for put in (writer.put, writer.put_new) if first == 0 and not refused else (writer.put_new,):
            try:
                with connection.transaction():
                    return put(rows)
            except psycopg.Error as error:
                if not refuses_a_row(error):
                    raise
        return self._write_halves(connection, rows, first, refused)

    def _write_halves(self, connection: Connection, rows: Sequence[Row], first: int, refused: list[int]) -> int:
        """One of these rows cannot be taken: find it without losing the others."""
        if len(rows) == 1:
            refused.append(first)
            return 0
        half = len(rows) // 2
        written = self._write(connection, rows[:half], first, refused)
        return written + self._write(connection, rows[half:], first + half, refused)
