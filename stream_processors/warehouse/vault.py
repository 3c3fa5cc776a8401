"""Random surrogates: made by the database, kept for ever, never derived from what they stand for (42 CFR 3.212(a)(3))."""

import threading
from collections import OrderedDict
from collections.abc import Collection

from stream_processors.domain.rejection import Unavailable
from stream_processors.shapes import Subject
from stream_processors.warehouse.connections import Connection, away_is_unavailable, connect

CACHED = 200_000
"""Surrogates kept in memory, about 100 MB at most; they never change, so none is ever stale."""


class Vault:
    """Surrogates by subject. May be asked from several threads."""

    def __init__(self, database_url: str, password: str | None = None, cached: int = CACHED) -> None:
        self._database_url = database_url
        self._password = password
        self._cached = cached
        self._known: OrderedDict[Subject, str] = OrderedDict()
        self._connection: Connection | None = None
        self._lock = threading.Lock()

    def surrogates(self, subjects: Collection[Subject]) -> dict[Subject, str]:
        """The surrogate of every subject, made where there was none; one round trip. Raises Unavailable."""
        with self._lock:
            found = {subject: self._known[subject] for subject in subjects if subject in self._known}
            while missing := [subject for subject in dict.fromkeys(subjects) if subject not in found]:
                # More than one round only when another process made one at this moment: the next statement sees it.
                found |= self._asked(missing)
            self._remember(found)
            return found

    def close(self) -> None:
        """Let go of the connection."""
        with self._lock:
            self._disconnect()

    def _asked(self, subjects: Collection[Subject]) -> dict[Subject, str]:
        given = ([s.kind for s in subjects], [str(s.grade) for s in subjects], [s.key for s in subjects])
        by_key = {(subject.kind, str(subject.grade), subject.key): subject for subject in subjects}
        try:
            with away_is_unavailable():
                if self._connection is None:
                    self._connection = connect(self._database_url, "pso-vault", self._password)
                rows = self._connection.execute(_ASK, given, prepare=False).fetchall()
        except Unavailable:
            self._disconnect()
            raise
        return {by_key[kind, grade, key]: surrogate for kind, grade, key, surrogate in rows}

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _remember(self, found: dict[Subject, str]) -> None:
        for subject, surrogate in found.items():
            self._known[subject] = surrogate
            self._known.move_to_end(subject)
        while len(self._known) > self._cached:
            self._known.popitem(last=False)


_ASK = """
with asked as (
  select * from unnest(%s::text[], %s::text[], %s::text[]) as a (kind, grade, subject)
), known as (
  select s.kind, s.grade, s.subject, s.surrogate from vault.surrogates s join asked using (kind, grade, subject)
), made as (
  insert into vault.surrogates (kind, grade, subject, surrogate)
  select kind, grade, subject,
    case kind when 'event' then 'evt-' when 'contributor' then 'prv-' else 'nms-' end
      || replace(gen_random_uuid()::text, '-', '')
  from asked where not exists (
    select from known k where k.kind = asked.kind and k.grade = asked.grade and k.subject = asked.subject
  )
  order by kind, grade, subject
  on conflict (kind, grade, subject) do nothing
  returning kind, grade, subject, surrogate
)
select * from known union all select * from made
"""
