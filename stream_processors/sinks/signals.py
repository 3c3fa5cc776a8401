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
        str(record.setting or ""),
        record.partition,
        record.version,
        record.events,
        record.contributors,
        record.raised,
        record.pattern_events,
        record.expected,
        record.stratum,
        record.score,
        record.threshold,
        record.look,
        record.alpha_spent,
        record.parameters,
        record.reading,
    )


SIGNALS = Sink(
    name="signals",
    reads=(topics.SIGNALS_RAISED,),
    table="signals",
    grade=Grade.P0,
    key=("method", "category", "harm", "month", "setting", "counts_partition"),
    columns=(
        "method",
        "category",
        "harm",
        "month",
        "setting",
        "counts_partition",
        "version",
        "events",
        "contributors",
        "raised",
        "pattern_events",
        "expected",
        "stratum",
        "score",
        "threshold",
        "look",
        "alpha_spent",
        "parameters",
        "reading",
    ),
    row=row,
    effect=Effect.HIGHEST,
)
