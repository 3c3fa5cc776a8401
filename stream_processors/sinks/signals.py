"""pso-signals-raised -> protected.signals: the newest word on every pattern."""

from schemas import topics
from schemas.grades import Grade
from schemas.records import Signal
from stream_processors.shapes import Arrival, Effect, Sink


def row(record: Signal, _arrival: Arrival) -> tuple[object, ...]:
    """The signal; `counts_partition` is the partition of counts that was folded."""
    return (
        record.method,
        str(record.category),
        str(record.harm),
        record.month,
        record.partition,
        record.version,
        record.events,
        record.contributors,
        record.raised,
    )


SIGNALS = Sink(
    name="signals",
    reads=(topics.SIGNALS_RAISED,),
    table="signals",
    grade=Grade.P0,
    key=("method", "category", "harm", "month", "counts_partition"),
    columns=(
        "method",
        "category",
        "harm",
        "month",
        "counts_partition",
        "version",
        "events",
        "contributors",
        "raised",
    ),
    row=row,
    effect=Effect.HIGHEST,
)
