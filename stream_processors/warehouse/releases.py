"""What releases are made from, what was released, and a new release: all of it or nothing."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import msgspec
from psycopg import IsolationLevel
from psycopg.types.json import Jsonb

from stream_processors.domain.publication.count_tables import Place
from stream_processors.domain.publication.not_releasable import NotReleasable
from stream_processors.domain.publication.pooled_counts import PooledCount
from stream_processors.domain.publication.release import Earlier, Manifest, Release, Released
from stream_processors.warehouse.connections import Connection, away_is_unavailable, connect

_LOCK = "select pg_advisory_xact_lock(hashtextextended('pso_stream releases', 0))"


@dataclass(frozen=True, slots=True)
class Held:
    """What the warehouse holds, in one snapshot: the counts of now, every release in the order of period and revision, and
    the strictest threshold and number of contributors that a contract asks for. A provider whose contract lets no count
    leave has none.
    """

    counts: Sequence[PooledCount]
    earlier: Sequence[Earlier]
    threshold: int
    contributors: int


def held(database_url: str, password: str | None = None) -> Held:
    """The counts and the releases. Raises Unavailable."""
    with away_is_unavailable(), connect(database_url, "pso-publish", password) as connection:
        connection.execute("set statement_timeout = 0")
        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        with connection.transaction():
            counts = [PooledCount(*row) for row in connection.execute(_COUNTS).fetchall()]
            earlier = [_earlier(connection, manifest) for manifest in _manifests(connection)]
            (asked,) = connection.execute(_ASKED).fetchall()
            return Held(counts, earlier, *asked)


def released(database_url: str, password: str | None = None) -> Sequence[Released]:
    """What anybody may see of every release, in the order of period and revision. Raises Unavailable.

    It asks the schema `published` alone, so nothing else can be told from its answer.
    """
    with away_is_unavailable(), connect(database_url, "pso-publish", password) as connection:
        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        with connection.transaction():
            return [Released(manifest, _published(connection, manifest)) for manifest in _manifests(connection)]


def _manifests(connection: Connection) -> Sequence[Manifest]:
    return [msgspec.convert(row[0], Manifest) for row in connection.execute(_RELEASES).fetchall()]


def _published(connection: Connection, manifest: Manifest) -> Mapping[tuple[str, Place], int | None]:
    return {
        (table, (row, column, layer)): count
        for table, row, column, layer, count in connection.execute(_CELLS, (manifest.release_id,)).fetchall()
    }


def _earlier(connection: Connection, manifest: Manifest) -> Earlier:
    counts = [PooledCount(*row) for row in connection.execute(_MADE_FROM, (manifest.release_id,)).fetchall()]
    return Earlier(manifest, _published(connection, manifest), counts)


@dataclass(frozen=True, slots=True)
class Decision:
    """Who lets a release go, and why."""

    decided_by: str
    reason: str


def add(database_url: str, release: Release, decision: Decision, seen: Collection[str], password: str | None = None) -> None:
    """Write a release that was made while these releases were there. Raises NotReleasable if there are others now."""
    manifest = release.manifest
    with away_is_unavailable(), connect(database_url, "pso-publish", password) as connection, connection.transaction():
        connection.execute(_LOCK)
        there = {name for (name,) in connection.execute("select release_id from published.releases").fetchall()}
        if there != set(seen):
            raise NotReleasable("another release was made meanwhile, and this one is not guarded against it: plan again")
        row = (manifest.release_id, manifest.period, manifest.revision, Jsonb(msgspec.to_builtins(manifest)))
        connection.execute("insert into published.releases values (%s, %s, %s, %s)", row)
        connection.execute(
            "insert into protected.release_decisions (release_id, decided_by, reason, counts_sha256) values (%s, %s, %s, %s)",
            (manifest.release_id, decision.decided_by, decision.reason, counts_digest(release.counts)),
        )
        _copy_rows(connection, release)


def _copy_rows(connection: Connection, release: Release) -> None:
    name = release.manifest.release_id
    with connection.cursor().copy("copy protected.release_counts (release_id, cell, contributor, count) from stdin") as copy:
        for count in release.counts:
            copy.write_row((name, count.cell, count.contributor, count.count))
    with connection.cursor().copy(_COPY_CELLS) as copy:
        for (table, place), shown in release.published.items():
            copy.write_row((name, table, *place, shown))


def counts_digest(counts: Sequence[PooledCount]) -> str:
    """SHA-256 of the counts that a release is made from, in their order."""
    return hashlib.sha256(msgspec.json.encode([(c.cell, c.contributor, c.count) for c in sorted(counts)])).hexdigest()


# Readers sum over partitions: one partition alone may be negative after a repartitioning.
_COUNTS = """
select cell, contributor, sum(count)::bigint from protected.cell_counts
where contributor not in (select provider from protected.arrangement_terms where not counts_leave)
group by cell, contributor having sum(count) <> 0 order by cell collate "C", contributor collate "C"
"""
_ASKED = """
select coalesce(max(threshold), 0), coalesce(max(contributors), 0) from protected.arrangement_terms where counts_leave
"""
_RELEASES = "select manifest from published.releases order by period, revision"
_CELLS = "select table_id, row_label, column_label, layer_label, published from published.cells where release_id = %s"
_MADE_FROM = """
select cell, contributor, count from protected.release_counts where release_id = %s
order by cell collate "C", contributor collate "C"
"""
_COPY_CELLS = "copy published.cells (release_id, table_id, row_label, column_label, layer_label, published) from stdin"
