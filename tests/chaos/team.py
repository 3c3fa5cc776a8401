"""The workers that count: one, then three, then two, each with its fault points; whoever is dead is started again."""

import json
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.chaos.fault_points import DELIVERING, KILL, PAUSE, REBALANCING, SAID, FaultPoints, Line
from tests.chaos.processes import Process
from tests.chaos.product import PARTITIONS
from tests.chaos.schedule import SESSION_SECONDS
from tests.chaos.zombies import taken

REPOSITORY = Path(__file__).parents[2]
SIZES = ((0.0, 1), (0.2, 3), (0.75, 2))
"""From this share of the faults on, so many workers."""
LONGEST_SLEEP = 12.0
"""Seconds that a worker sleeps whose partition nobody takes; the others sleep until somebody has it."""
PATIENCE = 60.0
"""Seconds after which an order is forgotten that the worker had no occasion to obey."""
WARM_UP = 2.0
"""Seconds that the first worker counts in peace: then an offset is committed, and there is something to catch up."""
MEMORY_SECONDS = 20.0
FIRST = "counter-1"


@dataclass(frozen=True, slots=True)
class _Order:
    """What a member is to do to itself, and until when it has time."""

    member: Process
    how: str
    point: str
    until: float


class Team:
    """The members change; `members` is always the same list."""

    def __init__(self, seed: int, folder: Path, environment: Mapping[str, str]) -> None:
        self.members: list[Process] = []
        self.sizes: list[int] = []
        self._points: dict[str, FaultPoints] = {}
        self._random = random.Random(seed)
        self._folder = folder
        self._environment = {**environment, "PYTHONPATH": str(REPOSITORY)}
        self._ordered: list[_Order] = []
        self._asleep: list[Process] = []
        self._counting = False

    def resize(self, share: float) -> None:
        """Hire or dismiss for this share of the faults: politely or with kill -9, and nobody who has an order."""
        size = next(size for since, size in reversed(SIZES) if share >= since)
        while len(self.members) < size:
            self._hire()
        if len(self.members) > size and (free := self._free()):
            self.members.remove(free[-1])
            free[-1].stop() if self._random.random() < 0.5 else free[-1].kill()
        if self.sizes[-1:] != [len(self.members)]:
            self.sizes.append(len(self.members))

    def tend(self) -> None:
        """Who paused itself sleeps until its session is over and another has what it had; the dead live again."""
        for order in [order for order in self._ordered if not self._points[order.member.name].ordered(order.point)]:
            self._ordered.remove(order)
            self._obeyed(order)
        for order in [order for order in self._ordered if time.monotonic() > order.until]:
            self._ordered.remove(order)
            self._points[order.member.name].withdraw()
        self._asleep = [member for member in self._asleep if member.paused_until is not None]
        for member in [member for member in self._asleep if self._lost_its_partition(member)]:
            self._asleep.remove(member)
            member.wake_in(self._random.uniform(0.2, 1.5))
        for member in self.members:
            member.tend()

    @property
    def busy(self) -> int:
        """How many members stand still, or are about to be hurt."""
        return len(self.members) - len(self._free())

    def ready(self) -> bool:
        """Whether another may be hurt: one at least goes on, and counts."""
        said = [] if self._counting else [line["at"] for line in self._points[FIRST].journal() if line["what"] == SAID]
        self._counting = self._counting or (len(said) > 0 and said[-1] - said[0] > WARM_UP)
        return self._counting and self.busy < max(1, len(self.members) - 1)

    def settled(self) -> bool:
        """Whether the members, as they live now, share the partitions out among them, none without a share."""
        shares = [self._points[member.name].partitions_of(member.pid) for member in self.members]
        return all(shares) and sorted(partition for share in shares for partition in share) == list(range(PARTITIONS))

    def faults(self) -> dict[str, Callable[[], None]]:
        """A kill and a pause at each point, by name."""
        kinds = [(how, point) for point in (*REBALANCING, *DELIVERING) for how in (KILL, PAUSE)]
        return {f"{how} at {point}": lambda how=how, point=point: self._order(how, point) for how, point in kinds}  # type: ignore[misc]

    def journals(self) -> list[list[Line]]:
        """What every worker did that ever was a member."""
        return [points.journal() for points in self._points.values()]

    def done_at_points(self) -> dict[str, int]:
        """How often a worker died or paused at a point."""
        lines = [line for journal in self.journals() for line in journal if "point" in line]
        return dict(sorted(Counter(f"{line['what']} at {line['point']}" for line in lines).items()))

    def memories(self) -> list[Mapping[str, Any]]:
        """What each member holds. Raises TimeoutError when one does not answer."""
        files = [self._points[member.name].memory for member in self.members]
        for member, file in zip(self.members, files, strict=True):
            file.unlink(missing_ok=True)
            member.send_signal(signal.SIGUSR1)
        end = time.monotonic() + MEMORY_SECONDS
        while not all(file.exists() for file in files):
            if time.monotonic() > end:
                raise TimeoutError("a worker does not say what it holds")
            time.sleep(0.05)
        return [json.loads(file.read_text()) for file in files]

    def _hire(self) -> None:
        name = f"counter-{len(self._points) + 1}"
        words = ("python", "-m", "tests.chaos.counting_worker", str(self._folder), name, "worker", "--only", "aggregate")
        self._points[name] = FaultPoints(self._folder, name)
        self.members.append(Process(name, words, self._environment, self._folder / f"{name}.log"))

    def _order(self, how: str, point: str) -> None:
        if not (free := self._free()):
            return
        member = self._random.choice(free)
        self._points[member.name].order(how, point)
        self._ordered.append(_Order(member, how, point, time.monotonic() + PATIENCE))
        if point in REBALANCING:  # its next life begins with what it meets there
            member.kill()

    def _free(self) -> list[Process]:
        """Members that neither stand still nor have an order."""
        ordered = [order.member for order in self._ordered]
        return [member for member in self.members if member.paused_until is None and member not in ordered]

    def _obeyed(self, order: _Order) -> None:
        if order.how == PAUSE and order.point in DELIVERING:
            order.member.wake_in(LONGEST_SLEEP)
            self._asleep.append(order.member)
        elif order.how == PAUSE:
            order.member.wake_in(self._random.uniform(SESSION_SECONDS + 1, SESSION_SECONDS + 4))

    def _lost_its_partition(self, member: Process) -> bool:
        mine = self._points[member.name].journal()
        others = [points.journal() for name, points in self._points.items() if name != member.name]
        return taken([line for line in mine if line["what"] == PAUSE][-1], others)
