"""Snapshots of the pooled counts of combinations: read from the events, kept by the hash of their bytes, never changed."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, NamedTuple

import msgspec
from msgspec import Meta

from schemas.records.parts import Device
from stream_processors.domain.deidentification.rare import combinations
from stream_processors.domain.deidentification.states import state
from stream_processors.domain.deidentification.uniqueness import Combination, Counted
from stream_processors.domain.deidentification.version import hash_of
from stream_processors.domain.deidentification.zip3 import zip3
from stream_processors.warehouse.connections import Connection, away_is_unavailable, connect
from stream_processors.warehouse.narratives import NoEvent

_MOST_SECONDS = 600
_PAGE = 2_000


class NoSnapshot(Exception):
    """There is none of this hash."""


class _Told(msgspec.Struct, frozen=True):
    """What decides about rarity in the fields of a stored event."""

    provider: str
    provider_type: str
    categories: tuple[str, ...]
    event_date: Annotated[str, Meta(min_length=4)] | None
    setting: str | None
    state: str | None
    zip_code: str | None
    devices: tuple[Device, ...]

    def combinations(self) -> frozenset[Combination]:
        """As the disclosure would tell them."""
        place = state(self.state)
        return combinations(
            self.categories,
            self.devices,
            provider_type=self.provider_type,
            year=int(self.event_date[:4]) if self.event_date else None,
            state=place,
            zip3=zip3(self.zip_code) if place else None,
            setting=None if self.setting == "unknown" else self.setting,
        )


def counted_events(database_url: str, password: str | None = None) -> Sequence[Counted]:
    """The current events, but those withdrawn and of test arrangements. No narrative is read. Raises Unavailable, NoEvent."""
    counts: Counter[tuple[str, frozenset[Combination]]] = Counter()
    with away_is_unavailable(), connect(database_url, "pso-uniqueness", password) as connection:
        connection.execute(f"set statement_timeout = '{_MOST_SECONDS}s'".encode())
        for told in _events(connection):
            counts[told.provider, told.combinations()] += 1
    return [Counted(of, contributor, events) for (contributor, of), events in counts.items()]


def _events(connection: Connection) -> Iterator[_Told]:
    with connection.transaction(), connection.cursor("events") as cursor:
        cursor.itersize = _PAGE
        for (told,) in cursor.execute(_EVENTS):
            yield _decoded(told)


def _decoded(text: str) -> _Told:
    try:
        return msgspec.json.decode(text, type=_Told)
    except msgspec.DecodeError:
        pass  # raised below, where the words of this error are no longer its context
    raise NoEvent("an event is stored as none of this version: `pso deidentify --from-warehouse` says which")


@dataclass(frozen=True, slots=True)
class Maker:
    """Who made a snapshot, and why."""

    who: str
    why: str


def store_snapshot(database_url: str, content: bytes, events: int, maker: Maker, password: str | None = None) -> str:
    """Keep a snapshot and return its hash; nothing changes where it is there. Raises Unavailable."""
    found = hash_of(content)
    with away_is_unavailable(), connect(database_url, "pso-uniqueness", password) as connection:
        connection.execute(_STORE, (found, content, events, maker.who, maker.why))
    return found


def stored_snapshot(database_url: str, wanted: str, password: str | None = None) -> bytes:
    """The bytes of a snapshot. Raises NoSnapshot, Unavailable."""
    with away_is_unavailable(), connect(database_url, "pso-uniqueness", password) as connection:
        row = connection.execute("select content from vault.combination_snapshots where hash = %s", (wanted,)).fetchone()
    if row is None:
        raise NoSnapshot("the warehouse has no snapshot of this hash")
    return bytes(row[0])


class Kept(NamedTuple):
    """A snapshot that is kept."""

    hash: str
    events: int
    made_by: str
    reason: str
    made_at: datetime


def kept_snapshots(database_url: str, password: str | None = None) -> list[Kept]:
    """All snapshots, the newest first. Raises Unavailable."""
    with away_is_unavailable(), connect(database_url, "pso-uniqueness", password) as connection:
        return [Kept(*row) for row in connection.execute(_KEPT).fetchall()]


_EVENTS = """
select json_build_object(
  'provider', e.provider, 'provider_type', e.provider_type, 'event_date', e.event ->> 'event_date',
  'categories', case
    when jsonb_array_length(coalesce(e.event -> 'categories', '[]')) > 0 then e.event -> 'categories'
    when cardinality(c.categories) > 0 then to_jsonb(c.categories)
    else '["other"]'
  end,
  'setting', e.event ->> 'setting', 'state', e.event -> 'facility' ->> 'state',
  'zip_code', e.event -> 'facility' ->> 'zip_code', 'devices', coalesce(e.event -> 'devices', '[]')
)::text
from protected.events_current e
join lateral (
  select categories from protected.classifications c
  where (c.provider, c.event_id, c.revision) = (e.provider, e.event_id, e.revision)
  order by policy_version desc, digest desc limit 1
) c on true
where e.action <> 'withdraw'
"""
_STORE = """
insert into vault.combination_snapshots (hash, content, events, made_by, reason) values (%s, %s, %s, %s, %s)
on conflict do nothing
"""
_KEPT = "select hash, events, made_by, reason, made_at from vault.combination_snapshots order by made_at desc, hash"
