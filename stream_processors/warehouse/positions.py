"""How far a sink has come, in the same transaction as its rows."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from stream_processors.warehouse.connections import Connection, Fenced

Place = tuple[str, int]
"""Topic on the wire, partition."""


@dataclass(frozen=True, slots=True)
class Advance:
    """A move of one position: from what this process believes to the offset behind its last record."""

    topic: str
    partition: int
    expected: int
    following: int


def read(connection: Connection, sink: str, places: Collection[Place]) -> Mapping[Place, int]:
    """The next offset of every place; 0 where nothing was read yet."""
    given = {"sink": sink, "topics": [topic for topic, _ in places], "partitions": [number for _, number in places]}
    connection.execute(_BEGIN, given)
    return {(topic, partition): offset for topic, partition, offset in connection.execute(_READ, given)}


def advance(connection: Connection, sink: str, moves: Iterable[Advance]) -> None:
    """Compare and set every position. The rows stay locked until the transaction ends: a second owner waits, then fails.

    Raises Fenced when one is not where this process believes it to be. Two owners may deadlock; PostgreSQL then ends
    one of them, and its second try is fenced.
    """
    ordered = sorted(moves, key=lambda move: (move.topic, move.partition))
    moved = connection.execute(
        _ADVANCE,
        {
            "sink": sink,
            "topics": [move.topic for move in ordered],
            "partitions": [move.partition for move in ordered],
            "expected": [move.expected for move in ordered],
            "following": [move.following for move in ordered],
        },
    ).rowcount
    if moved != len(ordered):
        raise Fenced(sink)


_BEGIN = """
insert into operations.sink_positions (sink, topic, partition, next_offset)
select %(sink)s, topic, partition, 0
from unnest(%(topics)s::text[], %(partitions)s::integer[]) as given (topic, partition)
order by topic, partition
on conflict do nothing
"""

_READ = """
select topic, partition, next_offset
from operations.sink_positions
join unnest(%(topics)s::text[], %(partitions)s::integer[]) as given (topic, partition) using (topic, partition)
where sink = %(sink)s
"""

_ADVANCE = """
update operations.sink_positions as p set next_offset = given.following
from unnest(%(topics)s::text[], %(partitions)s::integer[], %(expected)s::bigint[], %(following)s::bigint[])
  as given (topic, partition, expected, following)
where p.sink = %(sink)s and p.topic = given.topic and p.partition = given.partition
  and p.next_offset = given.expected
"""
