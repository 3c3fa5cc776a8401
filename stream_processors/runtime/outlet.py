"""How a record leaves a step: encoded, keyed, labelled, in its partition."""

from dataclasses import dataclass

from schemas import headers
from schemas.codec import Codec
from schemas.grades import Grade
from schemas.headers import Pairs, Trail
from schemas.keys import partition_of
from schemas.records import Record
from schemas.topics import Topic
from stream_processors.runtime.messages import Outgoing

TIMELESS = 1
"""Record timestamp (ms) of grades whose records may hold no time of day: the broker's clock would be one."""


@dataclass(frozen=True, slots=True)
class Outlet:
    """One topic, under its wire name, with its number of partitions."""

    topic: Topic
    name: str
    codec: Codec
    partitions: int

    def of(self, record: Record, partition: int, trail: Trail | None) -> Outgoing:
        """The record as it goes out, made from one in `partition`. Without a trail it keeps neither origin nor time."""
        pairs: Pairs = [
            (headers.RECORD, headers.label(type(record))),
            (headers.GRADE, self.topic.grade.encode()),
            *(trail.pairs() if trail else ()),
        ]
        timestamp = trail.accepted_at if trail else (None if self.topic.grade is Grade.P0 else TIMELESS)
        key, value = self.topic.key(record).encode(), self.codec.encode(record)
        return Outgoing(self.name, self._partition(record, partition), key, value, pairs, timestamp)

    def _partition(self, record: Record, partition: int) -> int:
        if self.topic.partition_by is None:
            return partition
        return partition_of(self.topic.partition_by(record), self.partitions)
