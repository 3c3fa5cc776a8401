"""The shapes a step can take. Declarations only: what is read, which function, what is written."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, TypeVar

from schemas.grades import Grade
from schemas.headers import Pairs, Position
from schemas.records import Record
from schemas.topics import Topic

State = TypeVar("State")


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom or what a random surrogate stands for, in one grade: `event` or `contributor`, and its identified key."""

    kind: str
    grade: Grade
    key: str


@dataclass(frozen=True, slots=True)
class Given:
    """What a function may know beside its record: the topic it came from, the surrogates it asked for, and, where that is an
    entry topic, when its broker took the record (milliseconds).
    """

    topic: Topic
    surrogates: Mapping[Subject, str] = field(default_factory=dict)
    entered: int | None = None


def asks_nothing(_record: Any) -> Sequence[Subject]:
    """Most functions need no stored fact."""
    return ()


def knows_all(_until: int) -> bool:
    """Most functions need to know nothing of what happens in time."""
    return True


@dataclass(frozen=True, slots=True)
class Processor:
    """Records in, records out, nothing remembered. `asks` names the surrogates that the runner fetches beforehand; `knows`
    says whether everything is known that decides about records up to a time (milliseconds): until then they wait.
    """

    name: str
    reads: tuple[Topic, ...]
    function: Callable[[Any, Given], Iterable[Record]]
    writes: Topic
    asks: Callable[[Any], Sequence[Subject]] = asks_nothing
    knows: Callable[[int], bool] = knows_all


@dataclass(frozen=True, slots=True)
class Disclosure(Processor):
    """The only shape that may write to a less protected grade; `permitted_by` is its paragraph."""

    permitted_by: str = ""


@dataclass(frozen=True, slots=True)
class Accumulator(Generic[State]):
    """A fold over the log of its input. Outputs are absolute and versioned, never increments.

    `state()` is the empty state of one source partition. `fold(state, records)` changes it and returns what it touched,
    also for a duplicate or a stale record: with compaction a rebuilt state is no function of the offset alone, so what
    is touched is said again. `outputs(state, touched, partition, version)` are the records that say it.
    """

    name: str
    reads: tuple[Topic, ...]
    writes: Topic
    state: Callable[[], State]
    fold: Callable[[State, Sequence[Any]], set[Any]]
    outputs: Callable[[State, set[Any], int, int], Iterable[Record]]


Step = Processor | Accumulator[Any]


class Effect(StrEnum):
    """What a row does to its table. Each makes a repeated record change nothing."""

    APPEND = "append"  # a row is added; a key that is there already changes nothing
    HIGHEST = "highest"  # one row per key: the one with the highest `version` stays
    FOLD = "fold"  # the latest contribution per event stays, and the counts of cells follow it


@dataclass(frozen=True, slots=True)
class Arrival:
    """What a row may know beside the record: where it lay, its headers, and the SHA-256 of its bytes."""

    position: Position
    headers: Pairs
    digest: bytes


@dataclass(frozen=True, slots=True)
class Sink:
    """A record becomes a row. `columns` name the row's values in order; `key` is what makes a row the same row.

    The warehouse adds the place the record was read from: topic, partition, kafka_offset. `row` is called with None
    for a dead letter: its bytes are not read.
    """

    name: str
    reads: tuple[Topic, ...]
    table: str
    grade: Grade
    key: tuple[str, ...]
    columns: tuple[str, ...]
    row: Callable[[Any, Arrival], tuple[object, ...]]
    effect: Effect = Effect.APPEND

    @property
    def relation(self) -> str:
        """Schema and name of the table."""
        return f"{self.grade.schema}.{self.table}"
