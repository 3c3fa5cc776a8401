"""A seeded schedule of faults: what is hurt, how, and when. The seed decides the order and the pauses, not the instants."""

import random
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from deploy.dev.stack import Stack
from tests.chaos.processes import Process

SESSION_SECONDS = 3.0
"""Session time-out of the processes under test: a pause longer than this makes a zombie."""


@dataclass
class Faults:
    """Hurts processes and servers until told to stop, and keeps a tally.

    `more` are further kinds of faults, by name; `servers` says whether Kafka and PostgreSQL are hurt too; a fault comes when
    `gap` is over, a least and a greatest time in seconds, and `ready` says yes.
    """

    seed: int
    stack: Stack
    groups: dict[str, Sequence[Process]]
    more: Mapping[str, Callable[[], None]] = field(default_factory=dict)
    gap: tuple[float, float] = (2.0, 5.0)
    servers: bool = True
    ready: Callable[[], bool] = lambda: True
    turns: int = 0
    began: float = field(default_factory=time.monotonic)
    tally: Counter[str] = field(default_factory=Counter)
    timeline: list[tuple[float, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)
        self._next = self.began + 4.0
        self._again: list[tuple[float, Process]] = []
        self._bag: list[str] = []

    def turn(self) -> None:
        """Hurt something when its time has come."""
        now = time.monotonic()
        for due in [x for x in self._again if x[0] < now]:
            self._again.remove(due)
            if due[1].paused_until is None:  # else nobody would see how it wakes
                self._note(f"kill again {due[1].name}", due[1].kill)
        if now < self._next or not self.ready():
            return
        self.turns += 1
        self._hurt(self._kind())
        self._next = time.monotonic() + self._random.uniform(*self.gap)

    def _kind(self) -> str:
        """Every kind comes before any comes twice."""
        if not self._bag:
            self._bag = [f"{how} {group}" for group in self.groups for how in ("kill", "kill", "pause")]
            self._bag += [*self.more, *(("restart postgresql", "kill broker") if self.servers else ())]
            self._random.shuffle(self._bag)
        return self._bag.pop()

    def _hurt(self, kind: str) -> None:
        how, what = kind.split(" ", 1)
        if kind in self.more:
            self._note(kind, self.more[kind])
        elif kind == "restart postgresql":
            self._note(kind, self._restart_postgresql)
        elif kind == "kill broker":
            self._note(kind, self._kill_broker)
        else:
            standing = [p for p in self.groups[what] if p.alive and p.paused_until is None]
            if not standing:
                return
            victim = self._random.choice(standing)
            if how == "pause":
                self._note(kind, lambda: victim.pause(self._random.uniform(SESSION_SECONDS + 1, SESSION_SECONDS + 4)))
            else:
                self._note(kind, victim.kill)
                if self._random.random() < 0.4:  # again, while it starts, joins or catches up
                    self._again.append((time.monotonic() + self._random.uniform(1.5, 5.0), victim))

    def _restart_postgresql(self) -> None:
        self.stack.postgres.kill()
        time.sleep(self._random.uniform(0.2, 2.0))
        self.stack.postgres.start()

    def _kill_broker(self) -> None:
        broker = self.stack.brokers[0]
        broker.kill()
        time.sleep(self._random.uniform(0.0, 2.0))
        broker.start()

    def _note(self, kind: str, act: Callable[[], None]) -> None:
        self.timeline.append((round(time.monotonic() - self.began, 1), kind))
        self.tally[kind] += 1
        act()
