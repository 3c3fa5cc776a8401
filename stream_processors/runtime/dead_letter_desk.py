"""Dead letters for people: list them by reason, show one without its content, send it back byte for byte."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition

from schemas.connection import KafkaConnection
from schemas.headers import Death, Position, without_death
from schemas.topics import Topic
from stream_processors.domain.rejection import Unavailable
from stream_processors.runtime.delivery import Delivery
from stream_processors.runtime.incoming import incoming_messages
from stream_processors.runtime.messages import Incoming, Outgoing
from stream_processors.runtime.reader import reader
from stream_processors.runtime.wire import Wire

SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A dead letter: where it lies, why, and its bytes, which are never printed."""

    incoming: Incoming
    death: Death

    def described(self) -> dict[str, object]:
        """Codes and coordinates only."""
        return {
            "position": str(self.incoming.position),
            "reason": self.death.reason,
            "path": self.death.path,
            "step": self.death.step,
            "origin": str(self.death.position),
            "software": self.death.software,
            "key_bytes": len(self.incoming.key or b""),
            "value_bytes": len(self.incoming.value or b""),
            "headers": sorted(name for name, _ in without_death(self.incoming.headers)),
        }

    def returned(self) -> Outgoing:
        """The original record, byte for byte, for the topic and partition it came from; with its time, or the broker's
        clock would be a date element in P2 (42 CFR 3.212(a)(2)(i)(C))."""
        origin = self.death.position
        record = self.incoming
        headers = without_death(record.headers)
        return Outgoing(origin.topic, origin.partition, record.key, record.value, headers, record.timestamp)


@dataclass(frozen=True, slots=True)
class Choice:
    """Which dead letters are meant. None means all."""

    reason: str | None = None
    step: str | None = None
    position: str | None = None

    def takes(self, letter: DeadLetter) -> bool:
        """True for a letter that is meant."""
        return (
            self.reason in (None, letter.death.reason)
            and self.step in (None, letter.death.step)
            and self.position in (None, str(letter.incoming.position))
        )


class DeadLetterDesk:
    """Reads the dead letters of these topics from the first to the last that was there when it began."""

    def __init__(self, connection: KafkaConnection, wire: Wire, topics: Sequence[Topic]) -> None:
        self._connection = connection
        self._group = wire.group("dead-letter-desk")
        self._names = [wire.name(topic.dead_letters) for topic in topics if not topic.dead]

    def letters(self, choice: Choice) -> Iterator[DeadLetter]:
        """The chosen dead letters, in the order of their topics. A record without a death is not ours and is left out."""
        consumer = reader(self._connection, self._group)
        try:
            for incoming in self._all(consumer):
                death = Death.of(incoming.headers)
                if death is not None and choice.takes(letter := DeadLetter(incoming, death)):
                    yield letter
        except KafkaException as error:
            raise Unavailable(f"kafka ({error.args[0].name()})") from error
        finally:
            consumer.close()

    def _all(self, consumer: Consumer) -> Iterator[Incoming]:
        known = consumer.list_topics(timeout=SECONDS).topics
        places = [TopicPartition(n, p, 0) for n in self._names if n in known for p in known[n].partitions]
        consumer.assign(places)
        left = {(tp.topic, tp.partition) for tp in places}
        while left:
            messages = consumer.consume(1_000, 0.2)
            for message in messages:
                if message.error() and message.error().code() != KafkaError._PARTITION_EOF:
                    raise KafkaException(message.error())
                if message.error():
                    left.discard((message.topic(), message.partition()))
            yield from incoming_messages(m for m in messages if not m.error())


def counted(letters: Sequence[DeadLetter]) -> dict[str, int]:
    """How many by reason."""
    return dict(sorted(Counter(letter.death.reason for letter in letters).items()))


def counted_by_path(letters: Sequence[DeadLetter]) -> dict[str, int]:
    """How many by the field that is to blame; places in lists do not count."""
    return dict(sorted(Counter(re.sub(r"\[\d+\]", "[]", letter.death.path) for letter in letters).items()))


def replay(letters: Sequence[DeadLetter], delivery: Delivery) -> list[Position]:
    """Send them back to where they came from; done when every one is acknowledged. Returns where they lay.

    Running it twice sends them twice, which changes nothing: every effect is keyed by event and revision.
    """
    delivery.deliver([letter.returned() for letter in letters])
    return [letter.incoming.position for letter in letters]
