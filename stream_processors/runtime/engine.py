"""Runs the agents, one Faust app with its own consumer group each, in one process and one event loop.

An agent gets chunks in order; when its outputs are safe, the chunk is acknowledged, in order. What cannot go on ends.
"""

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stream_processors.runtime.chunks import Chunk, ChunkSchema
from stream_processors.runtime.faust_app import EngineSettings, build_app

__all__ = ["Agent", "Chunk", "Engine", "EngineFailed", "EngineSettings", "Partitions", "Progress", "StillCurrent"]

# What leaving the groups may take after a failure before the process is left to end without it, in seconds.
LEAVE_SECONDS = 5.0
# How often Faust is told not to wait for acknowledgements while it stops, in seconds.
GIVE_UP_SECONDS = 0.1

Partitions = Mapping[str, frozenset[int]]
StillCurrent = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Agent:
    """One step as the engine sees it.

    `group` is consumer group and Faust app id. All `topics` have the same number of partitions.
    `handle` is called with one chunk at a time, in order per partition; when it returns, the chunk is processed, and
    what it returned completes when every output is safe. If either raises, the engine ends and the chunk is replayed.
    `assigned` is awaited after every rebalance, before data flows; it returns soon once its second argument says False.
    `in_flight` overrides the engine's for this agent; with 1 a chunk is handled only after the one before is done.
    """

    group: str
    topics: tuple[str, ...]
    handle: Callable[[Chunk], Awaitable[object]]
    assigned: Callable[[Partitions, StillCurrent], Awaitable[object]] | None = None
    in_flight: int | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """What a watchdog and the readiness of one agent need.

    `outstanding` chunks are handed over and not acknowledged; `last` is the monotonic time, in seconds, of the last
    acknowledgement, or of the hand-over where nothing was outstanding; `flowing` are the (topic, partition) that reach
    the agent now.
    """

    outstanding: int
    last: float
    flowing: frozenset[tuple[str, int]]


class EngineFailed(Exception):
    """An agent or its Faust app cannot go on; `group` names it, the cause is chained where there is one."""

    def __init__(self, group: str) -> None:
        super().__init__(f"the agent of group {group} cannot go on")
        self.group = group


class Engine:
    """Runs the agents until told to stop, or until one fails."""

    def __init__(self, agents: Sequence[Agent], settings: EngineSettings) -> None:
        self._agents = tuple(agents)
        self._settings = settings
        self._steps: list[_Step] = []
        self._idle = Progress(0, time.monotonic(), frozenset())

    @property
    def progress(self) -> Mapping[str, Progress]:
        """Per group; before `run` nothing flows and nothing is outstanding."""
        idle = {agent.group: self._idle for agent in self._agents}
        return idle | {step.agent.group: step.progress for step in self._steps}

    async def run(self, stop: asyncio.Event) -> None:
        """Return after a graceful drain once `stop` is set. Raises EngineFailed when an agent or its app has failed."""
        logging.getLogger("aiokafka").setLevel(logging.WARNING)
        self._steps = [_Step(agent, self._settings) for agent in self._agents]
        for step in self._steps:
            step.begin()
        try:
            if await self._told_to_stop(stop):
                await self._drain()
        finally:
            await self._abandon()
        for step in self._steps:
            if step.failure.done():
                raise EngineFailed(step.agent.group) from step.failure.result()

    async def _told_to_stop(self, stop: asyncio.Event) -> bool:
        waiting = asyncio.ensure_future(stop.wait())
        try:
            either: list[asyncio.Future[Any]] = [waiting, *self._failures()]
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            return waiting.done() and not any(failure.done() for failure in self._failures())
        finally:
            waiting.cancel()

    async def _drain(self) -> None:
        drains = asyncio.gather(*(step.stop() for step in self._steps))
        waiting: list[asyncio.Future[Any]] = [drains, *self._failures()]
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED, timeout=self._settings.drain_timeout)

    async def _abandon(self) -> None:
        leaving = [asyncio.ensure_future(step.abandon()) for step in self._steps]
        await asyncio.wait(leaving, timeout=LEAVE_SECONDS)

    def _failures(self) -> list[asyncio.Future[BaseException | None]]:
        return [step.failure for step in self._steps]


class _Step:
    """One agent with its Faust app, and the chunks between hand-over and acknowledgement."""

    def __init__(self, agent: Agent, settings: EngineSettings) -> None:
        self.agent = agent
        self.failure: asyncio.Future[BaseException | None] = asyncio.get_running_loop().create_future()
        self._app = build_app(agent.group, settings)
        self._app.agent(self._app.topic(*agent.topics, schema=ChunkSchema()), name="chunks", concurrency=1)(self._consume)
        self._app.on_rebalance_complete.connect(self._assigned)
        self._handed: asyncio.Queue[tuple[Any, Any, asyncio.Future[object]]] = asyncio.Queue()
        self._free = asyncio.Semaphore(agent.in_flight or settings.in_flight)
        self._outstanding = 0
        self._last = time.monotonic()
        self._tasks: list[asyncio.Task[None]] = []
        self._stopping: asyncio.Task[None] | None = None

    @property
    def progress(self) -> Progress:
        """See Progress."""
        return Progress(self._outstanding, self._last, self._app.consumer.flowing)

    def begin(self) -> None:
        """Start the app, which takes until its first assignment, and watch it."""
        work = (self._app.start(), self._acknowledge(), self._watch())
        self._tasks = [asyncio.create_task(self._guarded(each)) for each in work]

    def stop(self) -> asyncio.Task[None]:
        """Fetch no more, finish and acknowledge what is in flight, commit, leave the group."""
        if self._stopping is None:
            self._stopping = asyncio.create_task(self._guarded(self._app.stop()))
        return self._stopping

    async def abandon(self) -> None:
        """As stop, but what is in flight is not waited for: it will be replayed."""
        if self._stopping is not None and not self._stopping.done():
            self._fail(TimeoutError("the drain did not end in time"))
        stopping = self.stop()
        while not stopping.done():
            self._app.consumer.give_up()
            await asyncio.wait([stopping], timeout=GIVE_UP_SECONDS)
        for task in self._tasks:
            task.cancel()

    def _fail(self, error: BaseException | None) -> None:
        if not self.failure.done():
            self.failure.set_result(error)

    async def _guarded(self, work: Awaitable[None]) -> None:
        try:
            await work
        except Exception as error:
            self._fail(error)

    async def _watch(self) -> None:
        await self._app.wait_until_stopped()
        if self._stopping is None:
            self._fail(self._app.crash_reason)

    # Nothing that handle() or assigned() raises passes through Faust: it would log the exception, acknowledge, restart.

    async def _consume(self, stream: Any) -> None:
        chunks = stream.noack()
        await self._free.acquire()  # before a chunk is taken: one that waits here would hold up a rebalance
        async for event in chunks.events():
            try:
                self._hand_over(chunks, event)
            except Exception as error:
                self._fail(error)
                await _for_ever()
            await self._free.acquire()
        if self._stopping is None:
            self._fail(None)

    def _hand_over(self, stream: Any, event: Any) -> None:
        if self._outstanding == 0:
            self._last = time.monotonic()
        self._outstanding += 1
        delivered = asyncio.ensure_future(self.agent.handle(event.value))
        delivered.add_done_callback(_look_at)
        self._handed.put_nowait((stream, event, delivered))

    async def _acknowledge(self) -> None:
        while True:
            stream, event, delivered = await self._handed.get()
            await asyncio.wait([delivered])
            if delivered.cancelled():
                raise RuntimeError("the delivery of a chunk was cancelled")
            delivered.result()
            await stream.ack(event)
            self._outstanding -= 1
            self._last = time.monotonic()
            self._free.release()

    async def _assigned(self, *_sender: Any, **_signal: Any) -> None:
        if self.agent.assigned is None:
            return
        consumer = self._app.consumer
        epoch = consumer.epoch
        try:
            partitions = _by_topic(consumer.assignment())
            await self.agent.assigned(partitions, lambda: consumer.epoch == epoch and not self._app.should_stop)
        except Exception as error:
            self._fail(error)
            await _for_ever()


def _by_topic(assignment: Iterable[Any]) -> Partitions:
    topics: defaultdict[str, set[int]] = defaultdict(set)
    for tp in assignment:
        topics[tp.topic].add(tp.partition)
    return {topic: frozenset(numbers) for topic, numbers in topics.items()}


def _look_at(delivered: asyncio.Future[object]) -> None:
    """Take the exception, or asyncio logs it, with its text, when a second chunk fails after the first."""
    if not delivered.cancelled():
        delivered.exception()


async def _for_ever() -> None:
    """Hold Faust where it is, until the engine, which knows of the failure, ends it."""
    await asyncio.get_running_loop().create_future()
