"""The registry of providers: read whole, and written by adding revisions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import msgspec
from psycopg.types.json import Jsonb

from stream_processors.domain.faults import Fault
from stream_processors.domain.registry.provider import RegisteredProvider, Revision
from stream_processors.domain.registry.rules import InvalidProvider, refuse_invalid
from stream_processors.warehouse.connections import Connection, away_is_unavailable, connect

_LOCK = "select pg_advisory_xact_lock(hashtextextended('pso_stream registry', 0))"
_NEWEST = """
select distinct on (provider) record, revision, retired from protected.provider_revisions order by provider, revision desc
"""
_HISTORY = """
select record, revision, retired, reason, recorded_by, recorded_at from protected.provider_revisions
where provider = %s order by revision
"""
_ADD = "insert into protected.provider_revisions (provider, revision, record, retired, reason) values (%s, %s, %s, %s, %s)"


@dataclass(frozen=True, slots=True)
class Recorded:
    """A revision, and who wrote it down, when and why."""

    revision: Revision
    reason: str
    recorded_by: str
    recorded_at: datetime


def registry(database_url: str, password: str | None = None) -> Mapping[str, Revision]:
    """The newest revision of every provider by id, retired ones included. Raises Unavailable."""
    with away_is_unavailable(), connect(database_url, "pso-provider", password) as connection:
        return _known(connection)


def history(database_url: str, provider: str, password: str | None = None) -> list[Recorded]:
    """All revisions of a provider, the oldest first. Raises Unavailable."""
    with away_is_unavailable(), connect(database_url, "pso-provider", password) as connection:
        rows = connection.execute(_HISTORY, (provider,)).fetchall()
    return [Recorded(_revision(*row[:3]), *row[3:]) for row in rows]


def record(
    database_url: str,
    provider: RegisteredProvider,
    reason: str,
    *,
    first: bool = False,
    retired: bool = False,
    password: str | None = None,
) -> Revision:
    """Add a revision that the registry as it is at that moment can take; with `first`, only the first of its id.

    Raises InvalidProvider, Unavailable.
    """
    with away_is_unavailable(), connect(database_url, "pso-provider", password) as connection, connection.transaction():
        connection.execute(_LOCK)  # two who write at once are checked against each other
        known = _known(connection)
        refuse_invalid(provider, known)
        before = known.get(provider.id)
        if first and before is not None:
            raise InvalidProvider([Fault("id", "is that of another provider: try again")])
        made = Revision(provider, 1 if before is None else before.number + 1, retired)
        row = (provider.id, made.number, Jsonb(msgspec.to_builtins(provider)), retired, reason)
        connection.execute(_ADD, row)
        return made


def _known(connection: Connection) -> dict[str, Revision]:
    found = (_revision(*row) for row in connection.execute(_NEWEST).fetchall())
    return {revision.provider.id: revision for revision in found}


def _revision(stored: object, number: int, retired: bool) -> Revision:
    return Revision(msgspec.convert(stored, RegisteredProvider), number, retired)
