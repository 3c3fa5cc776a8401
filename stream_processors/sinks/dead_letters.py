"""Every topic of dead letters -> protected.dead_letters: where they lie and why. Their bytes stay in Kafka."""

from collections.abc import Iterable

from schemas.grades import Grade
from schemas.headers import Death, Position, Trail
from schemas.topics import Topic
from stream_processors.shapes import Arrival, Sink

UNLABELLED = "unlabelled"
"""The reason of what somebody wrote to a topic of dead letters without saying why."""

_LONGEST = 500
_NOWHERE = (None, None, None)


def row(_record: None, arrival: Arrival) -> tuple[object, ...]:
    """What the headers say. No header can make a row that the warehouse refuses: a dead letter cannot die again."""
    death = Death.of(arrival.headers)
    trail = Trail.of(arrival.headers)
    if death is None:
        return UNLABELLED, "", "", "", *_NOWHERE, *_NOWHERE
    origin = trail.origin if trail else death.position
    codes = (death.reason, death.path, death.step, death.software)
    return *(_storable(code) for code in codes), *_place(death.position), *_place(origin)


def _storable(text: str) -> str:
    return text.replace("\0", "")[:_LONGEST]


def _place(position: Position) -> tuple[object, ...]:
    if not (0 <= position.partition < 2**31 and 0 <= position.offset < 2**63):
        return _NOWHERE
    return _storable(position.topic), position.partition, position.offset


def dead_letters(topics: Iterable[Topic]) -> Sink:
    """The sink of these topics of dead letters; which there are depends on the arrangements."""
    return Sink(
        name="dead-letters",
        reads=tuple(topics),
        table="dead_letters",
        grade=Grade.P0,
        key=("topic", "partition", "kafka_offset"),
        columns=(
            "reason",
            "path",
            "step",
            "software",
            "died_topic",
            "died_partition",
            "died_offset",
            "origin_topic",
            "origin_partition",
            "origin_offset",
        ),
        row=row,
    )
