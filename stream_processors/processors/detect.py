"""pso-counts-changed -> folds of the newest counts, pooled over providers -> pso-signals-raised."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from schemas import topics
from schemas.records import CellCount, Signal
from stream_processors.domain.signals import pooled_pairs, pooled_rare_event
from stream_processors.domain.signals.pooled_rare_event import Pattern
from stream_processors.domain.signals.signal_parameters import Parameters
from stream_processors.shapes import Accumulator


@dataclass(frozen=True, slots=True)
class Detection:
    """What each family of methods keeps of one partition of counts."""

    rare: pooled_rare_event.Pool = field(default_factory=pooled_rare_event.Pool)
    pairs: pooled_pairs.Pool = field(default_factory=pooled_pairs.Pool)


def detect(parameters: Parameters | None) -> Accumulator[Detection]:
    """The step with pinned parameters. Without them only the rule for rare events runs, which has none."""

    def fold(state: Detection, counts: Sequence[CellCount]) -> set[Pattern]:
        touched = pooled_rare_event.fold(state.rare, counts)
        return touched if parameters is None else touched | pooled_pairs.fold(state.pairs, counts, parameters)

    def outputs(state: Detection, touched: set[Pattern], partition: int, version: int) -> Iterator[Signal]:
        yield from pooled_rare_event.outputs(state.rare, touched, partition, version)
        if parameters is not None:
            from stream_processors.domain.signals.pair_signals import signals  # loads numpy, which only this step needs

            yield from signals(state.pairs, touched, parameters, (partition, version))

    return Accumulator(
        name="detect",
        reads=(topics.COUNTS_CHANGED,),
        writes=topics.SIGNALS_RAISED,
        state=Detection,
        fold=fold,
        outputs=outputs,
    )
