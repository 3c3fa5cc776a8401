"""A message as the runtime sees it: bytes in, bytes out, and where."""

from dataclasses import dataclass

from schemas.headers import Pairs, Position


@dataclass(frozen=True, slots=True)
class Incoming:
    """One record of a Kafka log. `topic` is the wire name; `timestamp` milliseconds since the epoch."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Pairs

    @property
    def position(self) -> Position:
        """Its place in the log."""
        return Position(self.topic, self.partition, self.offset)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One record to be written. `timestamp` None lets the client set it."""

    topic: str
    partition: int | None
    key: bytes | None
    value: bytes | None
    headers: Pairs
    timestamp: int | None = None
