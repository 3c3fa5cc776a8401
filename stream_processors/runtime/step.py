"""What one step does with one chunk: decode, ask, apply, encode. A plain function of its input, without Faust or Kafka."""

import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from schemas import headers
from schemas.codec import Codec, Undecodable
from schemas.grades import Grade
from schemas.headers import Pairs, Trail
from schemas.keys import partition_of
from schemas.records import Record
from schemas.topics import Topic
from stream_processors.domain.rejection import Reason, Rejected
from stream_processors.runtime.dead_letters import dead_letter
from stream_processors.runtime.limits import UnexpectedLimit
from stream_processors.runtime.messages import Incoming, Outgoing
from stream_processors.runtime.wire import Wire
from stream_processors.shapes import Disclosure, Given, Processor, Subject

LOG = logging.getLogger("pso.step")

TIMELESS = 1
"""Record timestamp (ms) of grades whose records may hold no time of day: the broker's clock would be one."""


@dataclass(slots=True)
class Outcome:
    """What became of a chunk: records for the next topic, and dead letters with their reasons."""

    outputs: list[Outgoing] = field(default_factory=list)
    dead: list[Outgoing] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Decoded:
    """A chunk after decoding: what is a record, and what is not."""

    records: Sequence[tuple[Incoming, Topic, Record]]
    failures: Sequence[tuple[Incoming, str, str]]


@dataclass(frozen=True, slots=True)
class ProcessorRun:
    """One processor with what it needs to turn chunks into outcomes."""

    step: Processor
    codec: Codec
    wire: Wire
    partitions: int
    limit: UnexpectedLimit

    def decode(self, chunk: Sequence[Incoming]) -> Decoded:
        """The records of a chunk; what cannot be decoded is set aside with its reason."""
        records, failures = [], []
        for incoming in chunk:
            topic = self.wire.topic(incoming.topic)
            try:
                records.append((incoming, topic, self.codec.decode(incoming.value, topic.record)))
            except Undecodable as error:
                failures.append((incoming, error.reason, error.path))
        return Decoded(records, failures)

    def subjects(self, decoded: Decoded) -> Collection[Subject]:
        """The surrogates that the whole chunk needs, fetched in one round trip."""
        return {subject for _, _, record in decoded.records for subject in self.step.asks(record)}

    def apply(self, decoded: Decoded, surrogates: Mapping[Subject, str]) -> Outcome:
        """Outputs and dead letters of a chunk. Raises TooManyUnexpected when our own faults pass the limit."""
        outcome = Outcome()
        for incoming, reason, path in decoded.failures:
            self._bury(outcome, incoming, reason, path)
        for incoming, topic, record in decoded.records:
            try:
                outcome.outputs.extend(self._outputs(incoming, record, Given(topic, surrogates)))
                self.limit.saw(incoming.partition, unexpected=False)
            except Rejected as error:
                self._bury(outcome, incoming, error.reason, error.path)
            except Exception as error:
                # The words of an exception may quote the record: only its type is logged.
                LOG.error("unexpected %s in %s at %s", type(error).__name__, self.step.name, incoming.offset)
                self._bury(outcome, incoming, Reason.UNEXPECTED, "")
                self.limit.saw(incoming.partition, unexpected=True)
        return outcome

    def _bury(self, outcome: Outcome, incoming: Incoming, reason: str, path: str) -> None:
        outcome.dead.append(dead_letter(incoming, self.step.name, reason, path))
        outcome.reasons.append(reason)

    def _outputs(self, incoming: Incoming, record: Record, given: Given) -> list[Outgoing]:
        return [self._outgoing(incoming, output) for output in self.step.function(record, given)]

    def _outgoing(self, incoming: Incoming, record: Record) -> Outgoing:
        topic = self.step.writes
        return outgoing(
            record,
            topic,
            self.wire.name(topic),
            self.codec,
            partition=incoming.partition
            if topic.partition_by is None
            else partition_of(topic.partition_by(record), self.partitions),
            trail=None if isinstance(self.step, Disclosure) or topic.grade is not Grade.P0 else _trail(incoming),
        )


def outgoing(record: Record, topic: Topic, name: str, codec: Codec, partition: int, trail: Trail | None) -> Outgoing:
    """A record as it goes to its topic. Without a trail the record keeps neither origin nor time."""
    pairs: Pairs = [
        (headers.RECORD, f"{type(record).__name__}.v1".encode()),
        (headers.GRADE, topic.grade.encode()),
        *(trail.pairs() if trail else ()),
    ]
    timestamp = trail.accepted_at if trail else (None if topic.grade is Grade.P0 else TIMELESS)
    return Outgoing(name, partition, topic.key(record).encode(), codec.encode(record), pairs, timestamp)


def _trail(incoming: Incoming) -> Trail:
    """The trail that came with a record; an entry record begins one."""
    return Trail.of(incoming.headers) or Trail(incoming.position, incoming.timestamp)


def trails(chunk: Sequence[Incoming]) -> Iterator[Trail]:
    """The trails of a chunk, for freshness."""
    return (trail for trail in (Trail.of(incoming.headers) for incoming in chunk) if trail)
