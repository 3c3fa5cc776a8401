"""The table of all topics: name, record, grade, key and retention. No other file writes a topic's name."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from schemas import keys
from schemas.grades import Grade
from schemas.records import (
    AcceptedEvent,
    Alert,
    AnonymizedEvent,
    ArrangementActivated,
    CellCount,
    ClassifiedEvent,
    Contribution,
    NonidentifiedEvent,
    PublishedCell,
    Record,
    SafetyEvent,
    Signal,
)

DAY = 86_400_000
"""Milliseconds."""

MAX_MESSAGE_BYTES = 1_048_576
"""The largest record a provider may send; dead letters get room for their headers beside it."""

DEAD = "-dead"
"""How the name of a topic of dead letters ends."""


class Cleanup(StrEnum):
    """Kafka's cleanup.policy."""

    DELETE = "delete"
    COMPACT = "compact"


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic.

    `key` gives the Kafka key of a record; `partition_by` what the partition follows where it is not the partition of
    the record it was made from; `retention_ms` -1 keeps for ever; `entry` marks where providers write, `commanded` where
    people of the PSO write with a command, `outward` what is read outside of this system alone.
    """

    name: str
    record: type[Record]
    grade: Grade
    key: Callable[[Any], str]
    partition_by: Callable[[Any], str] | None = None
    cleanup: Cleanup = Cleanup.DELETE
    retention_ms: int = -1
    min_compaction_lag_ms: int = 0
    entry: bool = False
    commanded: bool = False
    outward: bool = False
    dead: bool = False

    @property
    def dead_letters(self) -> "Topic":
        """Where records of this topic go that cannot go on: same grade, same record type, derived name."""
        if self.dead:
            raise ValueError(f"{self.name} holds dead letters already")
        return replace(
            self,
            name=self.name + DEAD,
            partition_by=None,
            cleanup=Cleanup.DELETE,
            retention_ms=-1,
            min_compaction_lag_ms=0,
            entry=False,
            commanded=False,
            outward=False,
            dead=True,
        )

    @property
    def max_message_bytes(self) -> int:
        """Kafka's max.message.bytes."""
        return MAX_MESSAGE_BYTES + (65_536 if self.dead else 0)


def submitted(arrangement: str) -> Topic:
    """The entry topic of one arrangement: its own access list, and the provider of record (42 CFR 3.206(e))."""
    return Topic(f"pso-events-submitted-{arrangement}", SafetyEvent, Grade.P0, keys.of_event, entry=True)


ARRANGEMENTS_ACTIVATED = Topic("pso-arrangements-activated", ArrangementActivated, Grade.P0, keys.of_activation, commanded=True)
EVENTS_ACCEPTED = Topic("pso-events-accepted", AcceptedEvent, Grade.P0, keys.of_enveloped_event)
EVENTS_CLASSIFIED = Topic("pso-events-classified", ClassifiedEvent, Grade.P0, keys.of_enveloped_event)
EVENTS_ANONYMIZED = Topic("pso-events-anonymized", AnonymizedEvent, Grade.P1, keys.of_surrogate)
EVENTS_NONIDENTIFIED = Topic("pso-events-nonidentified", NonidentifiedEvent, Grade.P2, keys.of_surrogate)
CONTRIBUTIONS = Topic(
    # Compaction keeps the last offset, not the highest revision: the key carries the revision and the content.
    "pso-contributions",
    Contribution,
    Grade.P0,
    keys.of_contribution,
    cleanup=Cleanup.COMPACT,
    min_compaction_lag_ms=7 * DAY,
)
COUNTS_CHANGED = Topic(
    "pso-counts-changed",
    CellCount,
    Grade.P0,
    keys.of_count,
    partition_by=keys.pattern_of_count,
    cleanup=Cleanup.COMPACT,
    min_compaction_lag_ms=DAY,
)
SIGNALS_RAISED = Topic(
    "pso-signals-raised", Signal, Grade.P0, keys.of_signal, cleanup=Cleanup.COMPACT, min_compaction_lag_ms=DAY
)
ALERTS_RAISED = Topic("pso-alerts-raised", Alert, Grade.P0, keys.of_event)
CELLS_PUBLISHED = Topic(
    # Written by `pso publish release` after PostgreSQL's commit, never by a step. Compaction takes what a retry repeats.
    "pso-cells-published",
    PublishedCell,
    Grade.A,
    keys.of_published_cell,
    cleanup=Cleanup.COMPACT,
    min_compaction_lag_ms=DAY,
    commanded=True,
    outward=True,
)

INTERNAL = (
    EVENTS_ACCEPTED,
    EVENTS_CLASSIFIED,
    EVENTS_ANONYMIZED,
    EVENTS_NONIDENTIFIED,
    CONTRIBUTIONS,
    COUNTS_CHANGED,
    SIGNALS_RAISED,
    ALERTS_RAISED,
    ARRANGEMENTS_ACTIVATED,
    CELLS_PUBLISHED,
)
"""Every topic that is not an entry."""


def all_topics(arrangements: Iterable[str]) -> tuple[Topic, ...]:
    """Entry topics of these arrangements and all others, each followed by its dead letters."""
    live = [submitted(arrangement) for arrangement in arrangements] + list(INTERNAL)
    return tuple(topic for pair in ((topic, topic.dead_letters) for topic in live) for topic in pair)
