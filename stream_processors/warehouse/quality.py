"""What the quality of a provider's events is measured from, and where the figures are kept."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from psycopg import IsolationLevel

from schemas.headers import Position
from stream_processors.domain.quality.delays import Stored
from stream_processors.domain.quality.providers import Quality
from stream_processors.domain.rejection import Reason
from stream_processors.warehouse.connections import Connection, away_is_unavailable, connect
from stream_processors.warehouse.narratives import PAGE, stored_event

OURS = (str(Reason.QUARANTINED), str(Reason.UNEXPECTED))
"""Reasons that say nothing about what the provider sent."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which events: of one provider or all (None), loaded since a day in UTC or ever (None); with near copies or without."""

    provider: str | None = None
    since: date | None = None
    near: bool = False


@dataclass(frozen=True, slots=True)
class QualitySession:
    """One snapshot of the warehouse, in one transaction: a run is kept whole or not at all."""

    connection: Connection
    asked: Asked

    @classmethod
    @contextmanager
    def open(cls, database_url: str, asked: Asked, password: str | None = None) -> Iterator["QualitySession"]:
        """A session. Raises Unavailable and WarehouseFailed, here and inside."""
        with away_is_unavailable(), connect(database_url, "pso-quality", password) as connection:
            connection.execute("set statement_timeout = 0")
            connection.execute("set idle_in_transaction_session_timeout = 0")  # near copies may take longer between two pages
            connection.isolation_level = IsolationLevel.REPEATABLE_READ
            with connection.transaction():
                yield cls(connection, asked)

    def refused(self) -> Mapping[str, Mapping[str, int]]:
        """By entry topic (its name on the wire): how many of its records were refused and not replayed, by reason."""
        by_topic: dict[str, dict[str, int]] = defaultdict(dict)
        for topic, reason, count in self.connection.execute(_REFUSED, {"since": self.asked.since, "ours": list(OURS)}):
            by_topic[topic][reason] = count
        return by_topic

    def events(self) -> Iterator[tuple[str, Iterator[Stored]]]:
        """Each provider with its events of now, in the order of their ids; withdrawals and test events left out.

        A provider's events must be taken before the next provider is asked for. Raises NoEvent.
        """
        with self.connection.cursor("quality") as cursor:
            cursor.itersize = PAGE
            cursor.execute(_EVENTS, {"provider": self.asked.provider, "since": self.asked.since})
            for provider, rows in groupby(cursor, key=lambda row: row[0]):
                yield str(provider), (_stored(*row[1:]) for row in rows)

    def keep(self, found: Iterable[Quality], software: str) -> int:
        """Add a run and its figures; its number."""
        run = (software, self.asked.since, self.asked.provider, self.asked.near)
        row = self.connection.execute(_RUN, run).fetchone()
        assert row is not None, "an insert returns its row"
        with self.connection.cursor().copy(_MEASURES) as copy:
            for quality in found:
                batch = quality.batch
                names = (batch.provider, batch.system, batch.format, batch.mapping)
                for one in quality.measures:
                    copy.write_row((row[0], *names, str(one.name), one.subject, one.part, one.whole))
        return int(row[0])


def _stored(text: str, reported_at: datetime | None, loaded_at: datetime, *place: Any) -> Stored:
    return Stored(stored_event(text, Position(*place)), reported_at, loaded_at)


_EVENTS = """
select provider, event::text, reported_at, loaded_at, topic, partition, kafka_offset
from protected.events_current
where action <> 'withdraw'
  and (%(provider)s::text is null or provider = %(provider)s)
  and (%(since)s::date is null or loaded_at >= %(since)s::date)
order by provider, event_id
"""

# By where it entered, once: what several sinks refuse is one record. What has its row in P0 was good enough.
_REFUSED = """
select topic, reason, count(*) from (
  select coalesce(d.origin_topic, d.died_topic) as topic, min(d.reason) as reason
  from protected.dead_letters d
  where d.replayed_at is null and not d.reason = any(%(ours)s)
    and (%(since)s::date is null or d.loaded_at >= %(since)s::date)
    and coalesce(d.origin_topic, d.died_topic) is not null
    and not exists (
      select from protected.event_revisions e
      where (e.origin_topic, e.origin_partition, e.origin_offset) = (d.origin_topic, d.origin_partition, d.origin_offset)
    )
  group by coalesce(d.origin_topic, d.died_topic), coalesce(d.origin_partition, d.died_partition),
    coalesce(d.origin_offset, d.died_offset)
) as records
group by topic, reason order by topic, reason
"""
_RUN = "insert into protected.quality_runs (software, since, only_provider, near_copies) values (%s, %s, %s, %s) returning run"
_MEASURES = """
copy protected.quality_measures
  (run, provider, source_system, source_format, mapping, measure, subject, part, whole) from stdin
"""
