"""Record headers, to and from Kafka pairs: an allow-list. A header never holds a value of the record."""

from collections.abc import Iterable
from dataclasses import dataclass

Pairs = list[tuple[str, bytes]]

RECORD = "pso-record"
GRADE = "pso-grade"
ORIGIN = "pso-origin"
ACCEPTED_AT = "pso-accepted-at"
_DEAD = "pso-dead-"


def label(record: type, version: int = 1) -> bytes:
    """The value of the header that names a record: type and version of its schema."""
    return f"{record.__name__}.v{version}".encode()


def names(value: bytes, record: type) -> bool:
    """True where a label names this record, in whatever version."""
    return value.startswith(f"{record.__name__}.v".encode())


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a Kafka log."""

    topic: str
    partition: int
    offset: int

    def __str__(self) -> str:
        return f"{self.topic}:{self.partition}:{self.offset}"

    @classmethod
    def parse(cls, text: str) -> "Position":
        """The position that `str()` wrote. Raises ValueError."""
        topic, partition, offset = text.rsplit(":", 2)
        return cls(topic, int(partition), int(offset))


@dataclass(frozen=True, slots=True)
class Trail:
    """Where a P0 record entered and when the broker accepted it (milliseconds). Never follows a record out of P0:
    an entry topic names an arrangement, and a time of day tied to a date is a date element (42 CFR 3.212(a)(2)(i)(C)).
    """

    origin: Position
    accepted_at: int

    def pairs(self) -> Pairs:
        """As Kafka headers."""
        return [(ORIGIN, str(self.origin).encode()), (ACCEPTED_AT, str(self.accepted_at).encode())]

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, bytes]] | None) -> "Trail | None":
        """The trail in these headers, if they hold a well-formed one."""
        found = dict(pairs or ())
        try:
            return cls(Position.parse(found[ORIGIN].decode()), int(found[ACCEPTED_AT]))
        except (KeyError, ValueError, AttributeError):
            return None


@dataclass(frozen=True, slots=True)
class Death:
    """Why a record became a dead letter: codes and coordinates, never a value or an exception's words."""

    reason: str
    path: str
    step: str
    position: Position
    software: str

    def pairs(self) -> Pairs:
        """As Kafka headers, to be added behind the original ones."""
        fields = {
            "reason": self.reason,
            "path": self.path,
            "step": self.step,
            "position": str(self.position),
            "software": self.software,
        }
        return [(_DEAD + name, text.encode()) for name, text in fields.items()]

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, bytes]] | None) -> "Death | None":
        """The death in these headers, if they hold one."""
        found = {k.removeprefix(_DEAD): v for k, v in pairs or () if k.startswith(_DEAD) and isinstance(v, bytes)}
        try:
            text = {name: value.decode() for name, value in found.items()}
            return cls(text["reason"], text["path"], text["step"], Position.parse(text["position"]), text["software"])
        except (KeyError, ValueError):
            return None


def without_death(pairs: Iterable[tuple[str, bytes]] | None) -> Pairs:
    """The original headers of a dead letter."""
    return [(key, value) for key, value in pairs or () if not key.startswith(_DEAD)]
