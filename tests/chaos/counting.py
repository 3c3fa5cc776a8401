"""`python -m tests.chaos.counting --seed N`: the accumulator under a seeded schedule of faults; the last line is the verdict.

Source events go through `validate`, `classify` and `contribute` undisturbed; workers that only aggregate are killed and
paused, at random and at named points, while they are one, then three, then two, and Kafka compacts as hard as it can.
Exit code 0: every cell in the workers' memory, on the topic read again and in PostgreSQL equals a recomputation from the
source events, and no zombie wrote. Exit code 3: it is not so.
"""

import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.dev.stack import Stack
from schemas import topics
from tests.chaos.command import command
from tests.chaos.compaction import compact_hard
from tests.chaos.counting_load import Load, counting_load
from tests.chaos.counting_oracle import COUNTED, CountingOracle
from tests.chaos.feeding import Feeding
from tests.chaos.processes import Process
from tests.chaos.product import NAMESPACE, pso, settings
from tests.chaos.schedule import Faults
from tests.chaos.settling import Lag
from tests.chaos.team import Team
from tests.chaos.workload import arrangements_toml
from tests.chaos.zombies import WROTE, fates

DRAIN_SECONDS = 240.0
GAP = (0.5, 2.0)
"""Least seconds between two faults: the group is hardly ever at rest."""
MEAN_SECONDS = 2.0
"""What a fault takes until the next may come, about; a minute has 30."""
STEPS = ("validate", "classify", "contribute")


@dataclass
class Run:
    """One run in one folder."""

    folder: Path
    seed: int
    events: int
    seconds: float
    servers: bool = True
    """Whether Kafka and PostgreSQL are killed too."""

    def __call__(self) -> dict[str, Any]:
        """Start everything, hurt it while it counts, let it settle, judge it."""
        load = counting_load(self.seed, self.events)
        (self.folder / "arrangements.toml").write_text(arrangements_toml(load.providers))
        stack = Stack(self.folder / "stack")
        with stack:
            environment = settings(stack, self.folder)
            pso(environment, "topics", "create")
            pso(environment, "warehouse", "migrate")
            compact_hard(stack.bootstrap, [NAMESPACE + name for name in (topics.CONTRIBUTIONS.name, *COUNTED)])
            verdict = self._under_fire(stack, load, environment)
        drawn = dict(sorted(load.drawn.items()))
        return {"seed": self.seed, "events": len(load.latest), "lines": len(load.lines), "drawn": drawn, **verdict}

    def _under_fire(self, stack: Stack, load: Load, environment: dict[str, str]) -> dict[str, Any]:
        sinks = [self._process(f"sink-{n}", environment, "sink", "--only", "contributions") for n in (1, 2)]
        steady = self._process("steady", environment, "worker", *(word for step in STEPS for word in ("--only", step)))
        team = Team(self.seed, self.folder, environment)
        feeding = Feeding(load, stack.bootstrap, NAMESPACE, self.seconds)
        faults = Faults(
            self.seed, stack, {"counter": team.members, "sink": sinks}, team.faults(), GAP, self.servers, team.ready
        )
        oracle = CountingOracle(load, stack.database_url, stack.bootstrap, NAMESPACE)
        try:
            self._hurt(faults, team, [*sinks, steady], feeding)
            fed = time.monotonic()
            settled = self._settle(stack, team, [*sinks, steady])
            drained = time.monotonic()
            wrong = oracle.verdict(team.memories()) | {"lines_lost_on_the_way_in": feeding.lost}
        finally:
            for process in [*team.members, *sinks, steady]:
                process.kill()
        zombies = fates(team.journals())
        wrong["zombies_that_wrote"] = zombies[WROTE]
        return {
            "verdict": "exact" if settled and not any(wrong.values()) else "wrong",
            "settled": settled,
            **wrong,
            "zombies": dict(zombies),
            "cells": oracle.cells(),
            "compacted_away": oracle.compacted_away(),
            "workers": team.sizes,
            "faults": dict(faults.tally),
            "faults_total": sum(faults.tally.values()),
            "faults_at_points": team.done_at_points(),
            "seconds_under_fire": round(fed - faults.began, 1),
            "seconds_to_settle": round(drained - fed, 1),
        }

    def _hurt(self, faults: Faults, team: Team, others: list[Process], feeding: Feeding) -> None:
        """All faults of the schedule, then the rest of the load."""
        planned = round(self.seconds / MEAN_SECONDS)
        feeding.start()
        while faults.turns < planned or team.busy:
            team.resize(faults.turns / planned)
            feeding.share = (faults.turns + 1) / planned
            self._tend(team, others)
            if faults.turns < planned:
                faults.turn()
            time.sleep(0.05)
        feeding.share = 1.0
        while feeding.is_alive():
            self._tend(team, others)
            time.sleep(0.05)

    def _process(self, name: str, environment: dict[str, str], *words: str) -> Process:
        return Process(name, ("pso", *words), environment, self.folder / f"{name}.log")

    def _tend(self, team: Team, others: list[Process]) -> None:
        team.tend()
        for process in others:
            process.tend()

    def _settle(self, stack: Stack, team: Team, others: list[Process]) -> bool:
        """No faults any more: within the time, without a human, all partitions are shared out and read to their ends."""
        end, quiet = time.monotonic() + DRAIN_SECONDS, 0
        with Lag(stack, NAMESPACE, STEPS) as lag:
            while time.monotonic() < end and quiet < 4:
                self._tend(team, others)
                quiet = quiet + 1 if team.settled() and not lag.left() else 0
                time.sleep(0.5)
        return quiet >= 4


def main() -> int:
    """Run once and print the verdict."""
    return command(__doc__, lambda *given: Run(*given)())


if __name__ == "__main__":
    sys.exit(main())
