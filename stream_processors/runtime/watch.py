"""The watch over a worker or a sink process: lag, stalls and readiness, from a thread of its own.

"It stopped and nobody noticed" is what operators complain about most: work that waits while nothing moves makes the worker
unready, and at twice that time ends it, so that what supervises it starts a fresh one.
"""

import logging
import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from stream_processors.domain.rejection import Unavailable
from stream_processors.metrics import Metrics
from stream_processors.runtime.clock import monotonic
from stream_processors.runtime.lag import LagReader, Place
from stream_processors.runtime.stall import StallWatch
from stream_processors.runtime.waiting import Waiting

LOG = logging.getLogger("pso.watch")

EXIT_STALLED = 4
KAFKA_AWAY = "waits for kafka"
EVERY = 2.0
"""Seconds between two looks."""

LOOP_SECONDS = 30.0
"""An event loop that has not turned for this long is not alive."""


def end_process() -> None:
    """End now: a stalled loop would never finish a graceful stop. Uncommitted work is replayed by the next worker."""
    os._exit(EXIT_STALLED)


class Flow(Protocol):
    """What a consumer group reads on this process now."""

    @property
    def flowing(self) -> frozenset[Place]:
        """Topic and partition."""


@dataclass
class Watch:
    """Watches the steps or sinks of one process. `groups` maps a name to its consumer group; `flows` knows who has begun."""

    groups: Mapping[str, str]
    flows: Callable[[], Mapping[str, Flow]]
    lag: LagReader
    waiting: Mapping[str, Waiting]
    metrics: Metrics
    stall_seconds: float
    give_up: Callable[[], None] = end_process
    turned: float = field(default_factory=monotonic)
    _wrong: Mapping[str, str] = field(default_factory=dict)
    _stop: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._stalls = {step: StallWatch(self.stall_seconds) for step in self.groups}
        self._wrong = dict.fromkeys(self.groups, "starting")
        self._thread = threading.Thread(target=self._watch, name="watch", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def close(self) -> None:
        """End the watch."""
        self._stop.set()
        self._thread.join(EVERY + 1)
        self.lag.close()

    def loop_turned(self) -> None:
        """Called from the event loop, again and again."""
        self.turned = monotonic()

    def live(self) -> Mapping[str, str]:
        """What is dead: liveness never depends on Kafka or PostgreSQL."""
        return {"event_loop": "does not turn"} if monotonic() - self.turned > LOOP_SECONDS else {}

    def ready(self) -> Mapping[str, str]:
        """What is not ready, by step."""
        return dict(self._wrong)

    def _watch(self) -> None:
        while not self._stop.wait(EVERY):
            try:
                self.look()
            except Exception:
                LOG.exception("the watch failed")

    def look(self) -> None:
        """Look once at every step."""
        known = self.flows()
        away: str | None = None  # once Kafka does not answer for one step, the others need not wait for it again
        for step in self.groups:
            wrong = self._excused(step, away) if away else self._wrong_with(step, known)
            away = wrong if wrong == KAFKA_AWAY else None
            self._wrong = {name: why for name, why in {**self._wrong, step: wrong}.items() if why}
        self.metrics.ready.set(0 if self._wrong else 1)

    def _wrong_with(self, step: str, known: Mapping[str, Flow]) -> str | None:
        group, now = self.groups[step], monotonic()
        if group not in known:
            return "starting"
        waits = self.waiting.get(step)
        try:
            lag = self.lag.of(group, known[group].flowing)
        except Unavailable:
            return self._excused(step, KAFKA_AWAY)
        self.metrics.lag.labels(step=step).set(lag.waiting)
        if waits is not None and waits.reason is not None:
            return self._excused(step, f"waits for {waits.reason}")
        seconds = self._stalls[step].saw(now, lag.waiting, lag.done)
        if seconds > self.stall_seconds and not self._really(group, known[group]):
            self._stalls[step].excused(now)
            seconds = 0.0
        return self._stalled(step, seconds, lag.waiting)

    def _excused(self, step: str, why: str) -> str:
        """What is away, and says so, is no stall."""
        self._stalls[step].excused(monotonic())
        return why

    def _really(self, group: str, flow: Flow) -> bool:
        try:
            return self.lag.holds_records(group, flow.flowing)
        except Unavailable:
            return False

    def _stalled(self, step: str, seconds: float, waiting: int) -> str | None:
        self.metrics.stalled_seconds.labels(step=step).set(seconds)
        if seconds > 2 * self.stall_seconds:
            LOG.error("%s: %d records wait and nothing moved for %.0f s: ending for a restart", step, waiting, seconds)
            self.give_up()
        return f"stalled: nothing moved for {seconds:.0f} s" if seconds > self.stall_seconds else None
