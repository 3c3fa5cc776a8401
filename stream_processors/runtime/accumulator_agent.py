"""One accumulator as an agent of the engine: fenced, caught up, then folded chunk by chunk."""

import asyncio
from collections.abc import Awaitable

from stream_processors.runtime.accumulation import Accumulation
from stream_processors.runtime.chunks import Chunk
from stream_processors.runtime.clock import monotonic
from stream_processors.runtime.engine import Partitions, StillCurrent
from stream_processors.runtime.incoming import incoming_records
from stream_processors.runtime.observer import StepObserver


class AccumulatorAgent:
    """Runs the fold in a thread, one chunk or one take-over at a time: its transactions block."""

    def __init__(self, accumulation: Accumulation, observer: StepObserver) -> None:
        self._accumulation = accumulation
        self._observer = observer
        self._turn = asyncio.Lock()

    async def assigned(self, partitions: Partitions, still_current: StillCurrent) -> None:
        """Take the partitions over before their data flows."""
        mine = {partition for numbers in partitions.values() for partition in numbers}
        async with self._turn:
            await asyncio.to_thread(self._accumulation.take_over, mine, still_current)

    def handle(self, chunk: Chunk) -> Awaitable[None]:
        """Fold a chunk; the task is done when its transaction is committed."""
        return asyncio.ensure_future(self._handle(chunk))

    async def _handle(self, chunk: Chunk) -> None:
        incoming = incoming_records(chunk.records)
        async with self._turn:
            began = monotonic()
            outcome = await asyncio.to_thread(self._accumulation.fold, incoming, chunk.generation)
            seconds = monotonic() - began
        self._observer.worked(incoming, outcome, seconds)
        self._observer.delivered(incoming, seconds)
