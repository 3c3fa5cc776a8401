"""pso-counts-changed -> fold of the newest counts, pooled over providers -> pso-signals-raised."""

from schemas import topics
from stream_processors.domain.signals import pooled_rare_event
from stream_processors.domain.signals.pooled_rare_event import Pool
from stream_processors.shapes import Accumulator

DETECT: Accumulator[Pool] = Accumulator(
    name="detect",
    reads=(topics.COUNTS_CHANGED,),
    writes=topics.SIGNALS_RAISED,
    state=Pool,
    fold=pooled_rare_event.fold,
    outputs=pooled_rare_event.outputs,
)
