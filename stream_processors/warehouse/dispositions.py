"""What was handed over and destroyed, and what may be. PostgreSQL decides by the contract in effect."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec
from psycopg import IsolationLevel

from stream_processors.domain.contract.document import ArrangementDocument
from stream_processors.domain.contract.duties import Held
from stream_processors.warehouse.connections import Connection, away_is_unavailable, connect

_DOCUMENTS = """
select distinct on (arrangement) document from protected.arrangement_versions
where effective_at <= now() order by arrangement, policy_version desc, kafka_offset
"""
_DISPOSABLE = "select count(*) from protected.disposable(%s, %s)"
_TO_HAND_OVER = "select protected.not_handed_over(%s)"
_GIVEN = "select period from protected.feedback_given where arrangement = %s"
_DESTROY = "select protected.destroy(%s, %s, %s, %s)"
_HAND_OVER = "select protected.hand_over(%s, %s, %s, %s)"
_STORED = """
select provider, event_id, revision, encode(digest, 'hex'), policy_version, reported_at, event
from protected.event_revisions
where provider = %s and arrangement = %s and not destroyed
order by provider, event_id, revision, digest
"""
_NOTED = """
select d.disposition, d.policy_version, d.act, d.grounds, d.file_sha256, d.done_by, d.reason,
  to_char(d.done_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
  count(distinct (r.provider, r.event_id)), count(*),
  encode(sha256(convert_to(string_agg(
    r.provider || '|' || r.event_id || '|' || r.revision || '|' || encode(r.digest, 'hex'), E'\n'
    order by r.provider collate "C", r.event_id collate "C", r.revision, r.digest), 'UTF8')), 'hex')
from protected.dispositions d join protected.disposed_revisions r using (disposition)
where d.arrangement = %s and (%s::bigint is null or d.disposition = %s) group by d.disposition order by d.disposition
"""
_COUNTS = """
select report_type, action = 'withdraw', categories.name, event ->> 'harm', count(*)
from protected.events_current
  left join lateral jsonb_array_elements_text(event -> 'categories') as categories (name) on true
where provider = %(provider)s and arrangement = %(arrangement)s
  and (coalesce(reported_at, loaded_at) at time zone 'UTC')::date between %(first)s and %(last)s
group by 1, 2, 3, 4 order by 1, 2, 3, 4
"""
_TOTALS = """
select count(*) filter (where action <> 'withdraw'), count(*) filter (where action = 'withdraw'),
  count(*) filter (where revision > 1 and action <> 'withdraw')
from protected.events_current
where provider = %(provider)s and arrangement = %(arrangement)s
  and (coalesce(reported_at, loaded_at) at time zone 'UTC')::date between %(first)s and %(last)s
"""
_GIVE = """
insert into protected.feedback_given (arrangement, period, content_sha256, given_by) values (%s, %s, %s, %s)
on conflict do nothing
"""


@dataclass(frozen=True, slots=True)
class Noted:
    """A disposition as it is kept: `keys_sha256` is over provider, event, revision and digest of everything in it."""

    disposition: int
    policy_version: int
    act: str
    grounds: str
    file_sha256: str | None
    """Of the file that was handed over."""
    done_by: str
    reason: str
    done_at: str
    events: int
    revisions: int
    keys_sha256: str


@dataclass(frozen=True, slots=True)
class Dispositions:
    """One transaction on one snapshot: what is read into a file is what is noted."""

    connection: Connection

    @classmethod
    @contextmanager
    def open(cls, database_url: str, password: str | None = None) -> Iterator["Dispositions"]:
        """Raises Unavailable and WarehouseFailed, here and inside. Nothing is noted unless it ends well."""
        with away_is_unavailable(), connect(database_url, "pso-dispositions", password) as connection:
            connection.execute("set statement_timeout = 0")
            connection.execute("set idle_in_transaction_session_timeout = 0")  # a file may be slower than a row
            connection.isolation_level = IsolationLevel.REPEATABLE_READ
            with connection.transaction():
                yield cls(connection)

    def documents(self) -> Mapping[str, ArrangementDocument]:
        """The contract in effect of every arrangement that was activated, by its id."""
        found = [msgspec.convert(row[0], ArrangementDocument) for row in self.connection.execute(_DOCUMENTS)]
        return {document.id: document for document in found}

    def held(self, arrangement: str) -> Held:
        """How much is to be done with what is held."""
        return Held(
            self._number(_DISPOSABLE, arrangement, "retention"),
            self._number(_DISPOSABLE, arrangement, "exit"),
            self._number(_TO_HAND_OVER, arrangement),
        )

    def stored(self, document: ArrangementDocument) -> Iterator[Sequence[Any]]:
        """Every revision that is held, in the order of its key; needs the role of an analyst."""
        with self.connection.cursor("stored") as cursor:
            cursor.itersize = 500
            yield from cursor.execute(_STORED, (document.parties.provider, document.id))

    def hand_over(self, arrangement: str, file_sha256: str, who: str, why: str) -> Noted | None:
        """Note that what `stored` gave is in a file of this hash; None where it gave nothing."""
        return self._noted(_HAND_OVER, arrangement, file_sha256, who, why)

    def destroy(self, arrangement: str, grounds: str, who: str, why: str) -> Noted | None:
        """Destroy what may be; None where there is nothing."""
        return self._noted(_DESTROY, arrangement, grounds, who, why)

    def given(self, arrangement: str) -> frozenset[str]:
        """The periods of which the provider had its feedback."""
        return frozenset(str(period) for (period,) in self.connection.execute(_GIVEN, (arrangement,)))

    def totals(self, document: ArrangementDocument, first: date, last: date) -> Sequence[Any]:
        """Events, withdrawals and corrections of a period. For an analyst."""
        total = self.connection.execute(_TOTALS, _of_period(document, first, last)).fetchone()
        assert total is not None, "an aggregate has a row"
        return total

    def counts(self, document: ArrangementDocument, first: date, last: date) -> list[Sequence[Any]]:
        """The same period by report type, whether withdrawn, category and harm. For an analyst."""
        return list(self.connection.execute(_COUNTS, _of_period(document, first, last)))

    def give(self, arrangement: str, period: str, content_sha256: str, who: str) -> None:
        """Note that the provider got it. The same content twice is one note."""
        self.connection.execute(_GIVE, (arrangement, period, content_sha256, who))

    def noted(self, arrangement: str, disposition: int | None = None) -> list[Noted]:
        """Everything that was done with what was held of it, or one disposition; the oldest first."""
        rows = self.connection.execute(_NOTED, (arrangement, disposition, disposition))
        return [Noted(*row) for row in rows]

    def _noted(self, act: str, arrangement: str, *given: str) -> Noted | None:
        made = self._one(act, arrangement, *given)
        return None if made is None else self.noted(arrangement, made)[0]

    def _number(self, question: str, *given: str) -> int:
        return self._one(question, *given) or 0

    def _one(self, question: str, *given: str) -> int | None:
        row = self.connection.execute(question.encode(), given).fetchone()
        return None if row is None or row[0] is None else int(row[0])


def _of_period(document: ArrangementDocument, first: date, last: date) -> dict[str, Any]:
    return {"provider": document.parties.provider, "arrangement": document.id, "first": first, "last": last}
