"""Which dead letters were sent back, and when."""

from collections.abc import Sequence

from schemas.headers import Position
from stream_processors.warehouse.connections import away_is_unavailable, connect

_MARK = """
update protected.dead_letters as letter set replayed_at = now()
from unnest(%s::text[], %s::int[], %s::bigint[]) as sent (topic, partition, kafka_offset)
where letter.topic = sent.topic and letter.partition = sent.partition and letter.kafka_offset = sent.kafka_offset
"""


def mark_replayed(database_url: str, positions: Sequence[Position], password: str | None = None) -> int:
    """Note that the dead letters at these positions were sent back; how many the warehouse knew. Raises Unavailable."""
    columns = ([p.topic for p in positions], [p.partition for p in positions], [p.offset for p in positions])
    with away_is_unavailable(), connect(database_url, "pso-dead-letters", password) as connection:
        return connection.execute(_MARK, columns).rowcount
