"""One processor as an agent of the engine: chunk -> surrogates -> outputs delivered -> acknowledged."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping

from stream_processors.domain.rejection import Unavailable
from stream_processors.runtime.chunks import Chunk
from stream_processors.runtime.clock import monotonic
from stream_processors.runtime.delivery import Delivery
from stream_processors.runtime.incoming import incoming_records
from stream_processors.runtime.messages import Incoming
from stream_processors.runtime.observer import StepObserver
from stream_processors.runtime.step import Decoded, Outcome, ProcessorRun
from stream_processors.runtime.waiting import Waiting
from stream_processors.shapes import Subject

LOG = logging.getLogger("pso.step")

Vault = Callable[[Collection[Subject]], Mapping[Subject, str]]


class ProcessorAgent:
    """Keeps chunks in order even when one waits for the vault: the next begins when its outputs are on their way."""

    def __init__(self, run: ProcessorRun, delivery: Delivery, vault: Vault, observer: StepObserver, waiting: Waiting) -> None:
        self._run = run
        self._delivery = delivery
        self._vault = vault
        self._observer = observer
        self._waiting = waiting
        self._turn = asyncio.Lock()

    def handle(self, chunk: Chunk) -> Awaitable[None]:
        """Process a chunk; the task is done when every output is acknowledged."""
        return asyncio.ensure_future(self._handle(incoming_records(chunk.records)))

    async def _handle(self, chunk: list[Incoming]) -> None:
        async with self._turn:
            began = monotonic()
            decoded = self._run.decode(chunk)
            await self._knowledge(chunk)
            outcome = self._run.apply(decoded, await self._surrogates(decoded))
            worked = monotonic()
            self._observer.worked(chunk, outcome, worked - began)
            delivered = self._send(outcome)
        await delivered
        self._observer.delivered(chunk, monotonic() - worked)

    def _send(self, outcome: Outcome) -> "asyncio.Future[None]":
        return asyncio.wrap_future(self._delivery.send(outcome.outputs + outcome.dead))

    async def _knowledge(self, chunk: list[Incoming]) -> None:
        """A record waits until all that decides about its time is known: a replay could not decide otherwise."""
        until = max((incoming.timestamp for incoming in chunk), default=0)
        while not self._run.step.knows(until):
            await asyncio.sleep(self._waiting.away(Unavailable("the arrangements in force")))
        self._waiting.back()

    async def _surrogates(self, decoded: Decoded) -> Mapping[Subject, str]:
        subjects = self._run.subjects(decoded)
        if not subjects:
            return {}
        while True:
            try:
                found = await asyncio.to_thread(self._vault, subjects)
            except Unavailable as error:
                await asyncio.sleep(self._waiting.away(error))
            else:
                self._waiting.back()
                return found
