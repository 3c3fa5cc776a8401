"""Runs the agents, one Faust app with its own consumer group each, in one process and one event loop.

An agent gets chunks in order; its outputs are awaited, then the chunk is acknowledged, in order. What cannot go on ends.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import faust
import mode
from faust.app.base import BootStrategy

from stream_processors.runtime.chunks import Chunk, ChunkLimits, ChunkSchema, ChunkTransport

# aiokafka leaves the group for ever, silently, when nothing was fetched for this long: a step that waits for an absent
# database, or reads its log back, would never come home. Whether a step makes progress is the watchdog's question. Seconds.
NEVER = 7 * 24 * 3600.0
# Chunks that Faust queues between the fetch and the agent; with `max_chunk_bytes` it bounds the memory per agent.
QUEUED_CHUNKS = 8
# What leaving the groups may take after a failure before the process is left to end without it, in seconds.
LEAVE_SECONDS = 5.0

Partitions = Mapping[str, frozenset[int]]
StillCurrent = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """How the engine talks to Kafka; seconds and bytes.

    `credentials` is a faust.SASLCredentials or faust.SSLCredentials, or None. `in_flight` counts chunks per agent whose
    outputs are not yet acknowledged. `drain_timeout` bounds the graceful end; what is unfinished then is replayed.
    """

    bootstrap_servers: str
    credentials: Any = None
    session_timeout: float = 10.0
    heartbeat_interval: float = 3.0
    rebalance_timeout: float = 60.0
    request_timeout: float = 30.0
    commit_interval: float = 1.0
    max_chunk_records: int = 500
    max_chunk_bytes: int = 2 << 20
    fetch_max_bytes: int = 4 << 20
    in_flight: int = 2
    drain_timeout: float = 25.0


@dataclass(frozen=True, slots=True)
class Agent:
    """One step as the engine sees it.

    `group` is consumer group and Faust app id. All `topics` have the same number of partitions.
    `handle` is called with one chunk at a time, in order per partition; when it returns, the chunk is processed, and what
    it returned completes when every output is acknowledged. If either raises, the engine ends and the chunk is replayed.
    `assigned` is awaited after every rebalance before data flows; once its second argument answers False it should return.
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
    acknowledgement, or of the hand-over where nothing was outstanding; `flowing` are the partitions that reach the agent.
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

    @property
    def progress(self) -> Mapping[str, Progress]:
        """Per group; empty before `run`."""
        return {step.agent.group: step.progress for step in self._steps}

    async def run(self, stop: asyncio.Event) -> None:
        """Return after a graceful drain once `stop` is set. Raises EngineFailed when an agent or its app has failed."""
        quiet_aiokafka()
        self._steps = [_Step(agent, self._settings) for agent in self._agents]
        for step in self._steps:
            step.begin()
        stopped = asyncio.ensure_future(stop.wait())
        try:
            await self._first(stopped)
            if stopped.done():
                await self._first(asyncio.gather(*(step.drain() for step in self._steps)), self._settings.drain_timeout)
        finally:
            stopped.cancel()
            await self._leave()
        for step in self._steps:
            if step.failure.done():
                raise EngineFailed(step.agent.group) from step.failure.result()

    async def _first(self, event: asyncio.Future[Any], timeout: float | None = None) -> None:
        failures = [step.failure for step in self._steps]
        await asyncio.wait([event, *failures], return_when=asyncio.FIRST_COMPLETED, timeout=timeout)

    async def _leave(self) -> None:
        leaving = [asyncio.ensure_future(step.leave()) for step in self._steps]
        await asyncio.wait(leaving, timeout=LEAVE_SECONDS)


class _Step:
    """One agent with its Faust app, and the chunks between hand-over and acknowledgement."""

    def __init__(self, agent: Agent, settings: EngineSettings) -> None:
        self.agent = agent
        self.app = _faust_app(agent, settings)
        self.app.agent(self.app.topic(*agent.topics, schema=ChunkSchema()), name="chunks", concurrency=1)(self._consume)
        self.app.on_rebalance_complete.connect(self._assigned)
        self.failure: asyncio.Future[BaseException | None] = asyncio.get_running_loop().create_future()
        self._handed: asyncio.Queue[tuple[Any, Any, asyncio.Future[object]]] = asyncio.Queue()
        self._free = asyncio.Semaphore(agent.in_flight or settings.in_flight)
        self._outstanding = 0
        self._last = time.monotonic()
        self._tasks: list[asyncio.Task[None]] = []
        self._draining = False

    @property
    def progress(self) -> Progress:
        """See Progress."""
        return Progress(self._outstanding, self._last, self.app.consumer.flowing)

    def begin(self) -> None:
        """Start the app, which takes until its first assignment, and watch it."""
        work = (self.app.start(), self._acknowledge(), self._watch())
        self._tasks = [asyncio.create_task(self._guarded(each)) for each in work]

    async def drain(self) -> None:
        """Fetch no more, finish and acknowledge what is in flight, commit, leave the group."""
        self._draining = True
        await self.app.stop()

    async def leave(self) -> None:
        """Leave the group, whatever is in flight."""
        if not self.app.should_stop:
            self._draining = True
            await self.app.crash(EngineFailed(self.agent.group))  # else Faust waits for acknowledgements that never come
        await self.app.stop()
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
        await self.app.wait_until_stopped()
        if not self._draining:
            self._fail(self.app.crash_reason)

    async def _consume(self, stream: Any) -> None:
        events = stream.noack()
        async for event in events.events():
            await self._free.acquire()
            self._hand_over(events, event)
            del event
        
    async def _acknowledge(self) -> None:
        while True:
            stream, event, delivered = await self._handed.get()
            await delivered
            await stream.ack(event)
            self._outstanding -= 1
            self._last = time.monotonic()
            self._free.release()
            del event
