"""pso-contributions -> fold of the latest contribution of each event -> pso-counts-changed."""

from schemas import topics
from stream_processors.domain import aggregation
from stream_processors.domain.aggregation import Counts
from stream_processors.shapes import Accumulator

AGGREGATE: Accumulator[Counts] = Accumulator(
    name="aggregate",
    reads=(topics.CONTRIBUTIONS,),
    writes=topics.COUNTS_CHANGED,
    state=Counts,
    fold=aggregation.fold,
    outputs=aggregation.outputs,
)
