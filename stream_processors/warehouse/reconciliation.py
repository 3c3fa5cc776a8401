"""The questions of a reconciliation, in SQL: the logs in temporary tables against the warehouse, in one snapshot."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from psycopg import IsolationLevel, sql

from stream_processors.warehouse import reconciliation_sql as ask
from stream_processors.warehouse.connections import Connection, away_is_unavailable, connect
from stream_processors.warehouse.findings import EXAMPLES, CountsCheck, Derived, Reconciliation

Submitted = tuple[str, int, int, bool, str | None, str | None, int | None]
"""Topic on the wire, partition, offset, in flight; then provider, event and revision where it could be decoded."""

LiveCount = tuple[str, str, int, bool]
"""Cell, contributor, count of one folded partition, in flight."""

# The table, and the steps at which an event may have died on its way there.
_DERIVED = (
    ("protected.classifications", ask.NO_CLASSIFICATION, ("classify", "sink-classifications")),
    ("protected.contributions", ask.NO_CONTRIBUTION, ("classify", "contribute", "sink-contributions")),
    ("anonymized.event_revisions", ask.NO_ANONYMIZED, ("classify", "anonymize", "sink-anonymized-events")),
    ("nonidentified.event_revisions", ask.NO_NONIDENTIFIED, ("classify", "nonidentify", "sink-nonidentified-events")),
)


@dataclass(frozen=True, slots=True)
class Questions:
    """One session with its temporary tables."""

    connection: Connection

    @classmethod
    @contextmanager
    def open(cls, database_url: str, password: str | None = None) -> Iterator["Questions"]:
        """A session. Raises Unavailable."""
        with away_is_unavailable(), connect(database_url, "pso-reconcile", password) as connection:
            connection.execute("set statement_timeout = 0")  # a log may be long
            connection.execute(ask.TEMPORARY_TABLES.encode())
            yield cls(connection)

    def load_submitted(self, rows: Iterable[Submitted]) -> None:
        """The records of an entry topic."""
        self._copy("submitted", rows)

    def load_ends(self, topic: str, ends: Mapping[int, int]) -> None:
        """How far the entry topic was read."""
        self._copy("read_to", ((topic, partition, end) for partition, end in ends.items()))

    def load_refused(self, grade: str, rows: Iterable[tuple[str, int]]) -> None:
        """Surrogate and revision of disclosed events that are dead letters."""
        self._copy("refused", ((grade, event, revision) for event, revision in rows))

    def load_live_counts(self, rows: Iterable[LiveCount]) -> None:
        """The counts as the live fold says them."""
        self._copy("live", rows)

    def ask(self, grace_seconds: float) -> Reconciliation:
        """All answers, from one snapshot of the warehouse."""
        self.connection.execute("analyze submitted; analyze read_to; analyze refused; analyze live")
        self.connection.isolation_level = IsolationLevel.REPEATABLE_READ
        with self.connection.transaction():
            return self._answers(grace_seconds)

    def _answers(self, grace_seconds: float) -> Reconciliation:
        given = {"grace": grace_seconds, "examples": EXAMPLES}
        totals = self._row(ask.TOTALS, given)
        missing = self._row(ask.MISSING, given)
        extra = self._row(ask.EXTRA, given)
        derived = (
            Derived(table, *self._finding(question, {**given, "steps": list(steps)})) for table, question, steps in _DERIVED
        )
        return Reconciliation(
            submitted=totals[0],
            undecodable=totals[1],
            accepted=totals[2],
            dead_letters=totals[3],
            in_flight=missing[1],
            missing=missing[0],
            missing_examples=tuple(missing[2]),
            extra=extra[0],
            extra_examples=tuple(extra[1]),
            derived=tuple(derived),
            live_counts=self._counts(ask.LIVE_COUNTS, given),
            stored_counts=self._counts(ask.STORED_COUNTS, given),
        )

    def _finding(self, question: str, given: Mapping[str, object]) -> tuple[int, int, tuple[str, ...]]:
        missing, in_flight, examples = self._row(question, given)
        return missing, in_flight, tuple(examples)

    def _counts(self, question: str, given: Mapping[str, object]) -> CountsCheck:
        cells, mismatching, in_flight, examples = self._row(question, given)
        return CountsCheck(cells, mismatching, in_flight, tuple(examples))

    def _row(self, question: str, given: Mapping[str, object]) -> tuple[Any, ...]:
        row = self.connection.execute(question.encode(), given).fetchone()
        assert row is not None, "an aggregate has one row"
        return row

    def _copy(self, table: str, rows: Iterable[tuple[object, ...]]) -> None:
        statement = sql.SQL("copy {} from stdin").format(sql.Identifier(table))
        with self.connection.cursor().copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
