"""How much the gateway takes: sizes, seconds, memory for bodies under way, and events per second of each key."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

MAX_BODY_BYTES = 8_388_608
MAX_UNPACKED_BYTES = 16_777_216
MAX_LINES = 10_000
BODY_SECONDS = 60.0
BODIES_BYTES = 67_108_864
"""All bodies that are being received or worked on, together, as sent and unpacked."""
BURST_SECONDS = 10.0
"""A key that was silent may send the events of so many seconds at once; every batch that is not too large fits."""


class Full(Exception):
    """There is no room for more bodies now: 503."""


class Room(Protocol):
    """What a body takes its bytes from."""

    def take(self, octets: int) -> None:
        """Raises Full."""
        ...


@dataclass(slots=True)
class Bodies:
    """Bounds the memory of all bodies under way: slow senders must not starve the process."""

    most: int = BODIES_BYTES
    held: int = 0

    @contextmanager
    def room(self) -> Iterator[Room]:
        """Room for one body; given back at the end."""
        share = _Share(self)
        try:
            yield share
        finally:
            self.held -= share.octets


@dataclass(slots=True)
class _Share:
    bodies: Bodies
    octets: int = 0

    def take(self, octets: int) -> None:
        if self.bodies.held + octets > self.bodies.most:
            raise Full
        self.bodies.held += octets
        self.octets += octets


@dataclass(slots=True)
class Rates:
    """A bucket of tokens for each key, one token an event; `seconds` tells a time that never goes back."""

    per_second: float
    seconds: Callable[[], float]
    _buckets: dict[str, tuple[float, float]] = field(default_factory=dict)

    def wait(self, key_id: str, events: int) -> float:
        """Takes the tokens and returns 0; or takes none and returns in how many seconds they will be there."""
        now = self.seconds()
        most = max(self.per_second * BURST_SECONDS, MAX_LINES)
        left, since = self._buckets.get(key_id, (most, now))
        left = min(most, left + (now - since) * self.per_second)
        if left < events:
            self._buckets[key_id] = (left, now)
            return (events - left) / self.per_second
        self._buckets[key_id] = (left - events, now)
        return 0.0
