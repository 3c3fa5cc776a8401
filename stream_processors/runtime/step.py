"""What one step does with one chunk: decode, ask, apply, encode. A plain function, without Faust or Kafka."""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from schemas import headers
from schemas.codec import Undecodable
from schemas.grades import Grade
from schemas.headers import Trail
from schemas.records import Record
from schemas.topics import Topic
from stream_processors.domain.rejection import Reason, Rejected
from stream_processors.runtime.dead_letters import dead_letter
from stream_processors.runtime.limits import UnexpectedLimit
from stream_processors.runtime.messages import Incoming, Outgoing
from stream_processors.runtime.outlet import Outlet
from stream_processors.runtime.shared_decoding import SharedDecoding
from stream_processors.runtime.wire import Wire
from stream_processors.shapes import Disclosure, Given, Processor, Subject

LOG = logging.getLogger("pso.step")


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
    wire: Wire
    inlet: SharedDecoding
    outlet: Outlet
    limit: UnexpectedLimit

    @property
    def keeps_trail(self) -> bool:
        """Only identified use may know where a record entered and when."""
        return not isinstance(self.step, Disclosure) and self.step.writes.grade is Grade.P0

    def decode(self, chunk: Sequence[Incoming]) -> Decoded:
        """The records of a chunk; what cannot be decoded is set aside with its reason."""
        records, failures = [], []
        for incoming in chunk:
            topic = self.wire.topic(incoming.topic)
            if not _is_labelled(incoming, topic):
                failures.append((incoming, Reason.UNEXPECTED_RECORD.value, ""))
                continue
            try:
                records.append((incoming, topic, self.inlet.decode(incoming.value, topic.record)))
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
                entered = incoming.timestamp if topic.entry else None
                outcome.outputs.extend(self._outputs(incoming, record, Given(topic, surrogates, entered)))
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
        trail = trail_of(incoming, given.topic) if self.keeps_trail else None
        return [self.outlet.of(output, incoming.partition, trail) for output in self.step.function(record, given)]


def _is_labelled(incoming: Incoming, topic: Topic) -> bool:
    """The header that names the record, where there is one, must agree with the topic."""
    found = next((value for name, value in incoming.headers if name == headers.RECORD), None)
    return found is None or headers.names(found, topic.record)


def trail_of(incoming: Incoming, topic: Topic) -> Trail:
    """The trail that came with a record. An entry record begins one, whatever its sender wrote into the headers."""
    begun = Trail(incoming.position, incoming.timestamp)
    return begun if topic.entry else Trail.of(incoming.headers) or begun
