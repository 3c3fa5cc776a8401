"""Who decided what about a quarantined record. Written once; a second decision about the same record changes nothing."""

from collections.abc import Collection

from schemas.headers import Position
from stream_processors.warehouse.connections import away_is_unavailable, connect

WITHOUT_NARRATIVES = "released_without_narratives"

_DECIDE = """
insert into protected.quarantine_decisions (topic, partition, kafka_offset, decision, decided_by, reason)
values (%s, %s, %s, %s, %s, %s) on conflict do nothing
"""
_DECIDED = "select topic, partition, kafka_offset from protected.quarantine_decisions"


def decide(database_url: str, position: Position, who: str, why: str, password: str | None = None) -> bool:
    """Note that this record was released without its narratives; False where that was decided before. Raises Unavailable."""
    with away_is_unavailable(), connect(database_url, "pso-quarantine", password) as connection:
        row = (position.topic, position.partition, position.offset, WITHOUT_NARRATIVES, who, why)
        return connection.execute(_DECIDE, row).rowcount == 1


def decided(database_url: str, password: str | None = None) -> Collection[Position]:
    """The records about which somebody decided. Raises Unavailable."""
    with away_is_unavailable(), connect(database_url, "pso-quarantine", password) as connection:
        return {Position(topic, part, offset) for topic, part, offset in connection.execute(_DECIDED).fetchall()}
