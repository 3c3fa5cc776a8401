"""Where the canaries of a round ended, asked in SQL: rows of both disclosed grades, and dead letters."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple

from stream_processors.warehouse.connections import Connection, away_is_unavailable, connect


class Released(NamedTuple):
    """A row of a disclosed grade. `text` is None where the event left without its words."""

    subject: str
    """provider|event: how the vault knows the event."""
    grade: str
    text: str | None


class Dead(NamedTuple):
    """A dead letter, by the place at which its record entered."""

    partition: int
    offset: int
    step: str
    reason: str


@dataclass(frozen=True, slots=True)
class CanaryEnds:
    """One session of the role pso_auditor, which may see the words of test events and of no other."""

    connection: Connection

    @classmethod
    @contextmanager
    def open(cls, database_url: str, password: str | None = None) -> Iterator["CanaryEnds"]:
        """A session. Raises Unavailable, here and from every question inside."""
        with away_is_unavailable(), connect(database_url, "pso-canaries", password) as connection:
            yield cls(connection)

    def released(self, subjects: Sequence[str]) -> list[Released]:
        """The rows of these events in both grades."""
        rows = self.connection.execute(_RELEASED, {"subjects": list(subjects)}).fetchall()
        return [Released(*row) for row in rows]

    def dead(self, topic: str, first_offset: int) -> list[Dead]:
        """Dead letters of what entered through this topic (its name on the wire) at this offset of a partition or behind it."""
        rows = self.connection.execute(_DEAD, {"topic": topic, "first": first_offset}).fetchall()
        return [Dead(*row) for row in rows]


_RELEASED = """
select s.subject, s.grade, t.record -> 'narratives' -> 0 ->> 'text'
from vault.surrogates s join anonymized.test_events t on t.event = s.surrogate
where s.kind = 'event' and s.grade = 'P1' and s.subject = any(%(subjects)s)
union all
select s.subject, s.grade, t.record -> 'narratives' -> 0 ->> 'text'
from vault.surrogates s join nonidentified.test_events t on t.event = s.surrogate
where s.kind = 'event' and s.grade = 'P2' and s.subject = any(%(subjects)s)
"""

# By both positions, as reconciliation does: what dies at `validate` has no trail yet.
_DEAD = """
select origin_partition, origin_offset, step, reason from protected.dead_letters
where origin_topic = %(topic)s and origin_offset >= %(first)s
union
select died_partition, died_offset, step, reason from protected.dead_letters
where died_topic = %(topic)s and died_offset >= %(first)s
"""
