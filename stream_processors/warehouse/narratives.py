"""The narratives of stored events, read to see what another version of the engine makes of them. Who reads is noted first."""

from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from schemas.grades import Grade
from schemas.headers import Position
from schemas.records import SafetyEvent
from stream_processors.warehouse.connections import away_is_unavailable, connect

PAGE = 500
"""Events of one round trip."""

_SLICES = 1 << 24
_MOST_SECONDS = 600
"""Of one round trip: a small share skips many rows before it has a page."""

_NOTE = "insert into protected.narrative_readings (read_by, reason, grade, engine) values (%s, %s, %s, %s)"
_NEXT = """
select topic, partition, kafka_offset, event::text, provider, event_id, revision, digest
from protected.event_revisions
where action <> 'withdraw' and jsonb_array_length(event -> 'narratives') > 0
  and get_byte(digest, 0) * 65536 + get_byte(digest, 1) * 256 + get_byte(digest, 2) < %(slices)s
  and (provider, event_id, revision, digest) > (%(provider)s, %(event_id)s, %(revision)s, %(digest)s)
order by provider, event_id, revision, digest
limit %(page)s
"""
_FIRST = {"provider": "", "event_id": "", "revision": 0, "digest": b""}


class NoEvent(Exception):
    """What is stored is no event of this version. Says where it lies; never a word of it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Who reads stored narratives, why, into which grade and with which version they are de-identified."""

    who: str
    why: str
    grade: Grade
    engine: str


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """One revision of one event, and where in its topic it lies: a place, which names nobody."""

    position: Position
    event: SafetyEvent


def stored_narratives(database_url: str, reading: Reading, share: float, password: str | None = None) -> Iterator[StoredEvent]:
    """Every stored revision with a narrative, withdrawals left out, in the order of its key.

    `share` (above 0, at most 1) of them, chosen by their digest: the same ones each time, whatever came since. The reading is
    noted before the first row is read. Raises Unavailable, WarehouseFailed, NoEvent.
    """
    with away_is_unavailable(), connect(database_url, "pso-replay", password) as connection:
        connection.execute(_NOTE, (reading.who, reading.why, str(reading.grade), reading.engine))
        connection.execute(f"set statement_timeout = '{_MOST_SECONDS}s'".encode())
        after: dict[str, object] = {"slices": max(1, round(share * _SLICES)), "page": PAGE, **_FIRST}
        while rows := connection.execute(_NEXT, after).fetchall():
            for row in rows:
                yield StoredEvent(Position(*row[:3]), stored_event(row[3], Position(*row[:3])))
            after |= dict(zip(_FIRST, rows[-1][4:], strict=True))


def stored_event(text: str, position: Position) -> SafetyEvent:
    """The event of a stored JSON text. Raises NoEvent with its place."""
    try:
        return msgspec.json.decode(text, type=SafetyEvent)
    except msgspec.DecodeError:
        pass  # raised below, where the words of this error are no longer its context
    raise NoEvent(f"what came from {position} is stored as no event of this version")
