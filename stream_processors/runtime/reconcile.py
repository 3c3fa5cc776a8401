"""Did everything that was submitted reach an end? Reads the logs whole, and asks PostgreSQL where it differs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from schemas import topics
from schemas.catalogue import Catalogue
from schemas.codec import Codec, Undecodable
from schemas.connection import KafkaConnection
from schemas.records import CellCount
from schemas.topics import Topic
from stream_processors.runtime.identity import Identities
from stream_processors.runtime.messages import Incoming
from stream_processors.runtime.whole_log import WholeLog
from stream_processors.runtime.wire import Wire
from stream_processors.warehouse.findings import Reconciliation
from stream_processors.warehouse.reconciliation import LiveCount, Questions, Submitted

DISCLOSED = (topics.EVENTS_ANONYMIZED, topics.EVENTS_NONIDENTIFIED)


@dataclass(frozen=True, slots=True)
class Reconciler:
    """What is compared: the logs of one namespace with one warehouse."""

    kafka: KafkaConnection
    wire: Wire
    catalogue: Catalogue
    database_url: str
    database_password: str | None = None

    def reconcile(self, entries: Iterable[Topic], grace_seconds: float, now_ms: int) -> Reconciliation:
        """Compare. `entries` are the entry topics; what is younger than the grace counts as in flight, not as missing.

        The warehouse is asked after the logs were read: what arrives meanwhile is known to be newer, not extra.
        Raises Unavailable.
        """
        with Questions.open(self.database_url, self.database_password) as questions:
            for topic in entries:
                self._load_entry(questions, topic, grace_seconds, now_ms)
            for topic in DISCLOSED:
                questions.load_refused(str(topic.grade), self._refused(topic.dead_letters))
            questions.load_live_counts(self._live_counts(grace_seconds, now_ms))
            return questions.ask(grace_seconds)

    def _load_entry(self, questions: Questions, topic: Topic, grace_seconds: float, now_ms: int) -> None:
        log, identities = WholeLog(self.kafka, self.wire.name(topic)), Identities(self.catalogue)
        # A provider's clock may say anything: a record from a far future is not in flight.
        questions.load_submitted(
            _submitted(record, identities, abs(now_ms - record.timestamp) < grace_seconds * 1000) for record in log.read()
        )
        questions.load_ends(log.topic, log.ends)

    def _refused(self, topic: Topic) -> Iterator[tuple[str, int]]:
        """Disclosed events that the warehouse could not take: nothing but the record itself says which event it was."""
        codec = Codec(self.catalogue)
        for incoming in WholeLog(self.kafka, self.wire.name(topic)).read():
            record = _decoded(codec, incoming, topic)
            if record is not None:
                yield record.event, record.revision

    def _live_counts(self, grace_seconds: float, now_ms: int) -> Iterator[LiveCount]:
        """Per cell, contributor and folded partition the count of the highest version."""
        codec = Codec(self.catalogue)
        newest: dict[tuple[str, str, int], tuple[int, int, bool]] = {}
        for incoming in WholeLog(self.kafka, self.wire.name(topics.COUNTS_CHANGED)).read():
            record: CellCount | None = _decoded(codec, incoming, topics.COUNTS_CHANGED)
            if record is None:
                continue
            key = (record.cell.key, record.contributor, record.partition)
            if record.version >= newest.get(key, (-1, 0, False))[0]:
                young = abs(now_ms - incoming.timestamp) < grace_seconds * 1000
                newest[key] = (record.version, record.count, young)
        for (cell, contributor, _), (_, count, young) in newest.items():
            yield cell, contributor, count, young


def _submitted(incoming: Incoming, identities: Identities, in_flight: bool) -> Submitted:
    identity = identities.of(incoming.value) or (None, None, None)
    return (incoming.topic, incoming.partition, incoming.offset, in_flight, *identity)


def _decoded(codec: Codec, incoming: Incoming, topic: Topic) -> Any:
    try:
        return codec.decode(incoming.value, topic.record)
    except Undecodable:
        return None
