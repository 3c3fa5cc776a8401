"""`python -m tests.chaos.run --seed N`: the whole job under a seeded schedule of faults; the last line is the verdict as JSON.

Exit code 0: every accepted event is in the warehouse exactly once or a dead letter with a reason, every revision in order,
every aggregate cell equal to a recomputation. Exit code 3: it is not.
"""

import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.dev.stack import Stack
from tests.chaos.command import command
from tests.chaos.oracle import Oracle
from tests.chaos.processes import Process
from tests.chaos.product import NAMESPACE, pso, settings
from tests.chaos.publishing import Publishing
from tests.chaos.schedule import Faults
from tests.chaos.workload import Plan, arrangements_toml, plan, write_batches

DRAIN_SECONDS = 240.0
KILLED = -9


@dataclass
class Run:
    """One run in one folder."""

    folder: Path
    seed: int
    events: int
    seconds: float

    def __call__(self) -> dict[str, Any]:
        """Start everything, hurt it while it works, let it settle, judge it."""
        made = plan(self.seed, self.events)
        (self.folder / "arrangements.toml").write_text(arrangements_toml(made.providers))
        stack = Stack(self.folder / "stack")
        with stack:
            self.environment = settings(stack, self.folder)
            pso(self.environment, "topics", "create")
            pso(self.environment, "warehouse", "migrate")
            verdict = self._under_fire(stack, made)
        return {"seed": self.seed, "events": len(made.latest), "lines": made.lines, **verdict}

    def _under_fire(self, stack: Stack, made: Plan) -> dict[str, Any]:
        began = time.monotonic()
        processes = self._processes()
        publishing = Publishing(write_batches(made, self.folder / "batches"), self.folder, self.environment)
        faults = Faults(self.seed, stack, {"worker": processes[:2], "sink": processes[2:], "publisher": [publishing.process]})
        oracle = Oracle(made, stack.database_url, stack.bootstrap, NAMESPACE)
        try:
            while not publishing.done or time.monotonic() - began < self.seconds:
                self._tend(processes, publishing)
                faults.turn()
                time.sleep(0.05)
            fed = time.monotonic()
            settled = self._settle(processes, publishing, oracle)
            drained = time.monotonic()
            verdict = oracle.verdict()
            reconciliation = json.loads(pso(self.environment, "reconcile", "--json", "--grace", "0"))
        finally:
            for process in [*processes, publishing.process]:
                process.kill()
        return {
            "verdict": "exact" if settled and not any(verdict.values()) and reconciliation["clean"] else "wrong",
            "settled": settled,
            **verdict,
            "reconciliation": {k: reconciliation[k] for k in ("missing", "extra", "mismatched_cells")},
            "faults": dict(faults.tally),
            "faults_total": sum(faults.tally.values()),
            "ended_by_itself": sum(code != KILLED for p in processes for code in p.exits),
            "cells": len(made.cells()),
            "seconds_under_fire": round(fed - began, 1),
            "seconds_to_settle": round(drained - fed, 1),
        }

    def _tend(self, processes: list[Process], publishing: Publishing) -> None:
        for process in processes:
            process.tend()
        publishing.tend()

    def _settle(self, processes: list[Process], publishing: Publishing, oracle: Oracle) -> bool:
        """No faults any more: within the time, without a human, everything has its end."""
        end = time.monotonic() + DRAIN_SECONDS
        quiet = 0
        while time.monotonic() < end and quiet < 5:
            self._tend(processes, publishing)
            quiet = quiet + 1 if oracle.settled() else 0
            time.sleep(1.0)
        return quiet >= 5

    def _processes(self) -> list[Process]:
        words = {"worker-1": "worker", "worker-2": "worker", "sink-1": "sink", "sink-2": "sink"}
        return [Process(name, ("pso", word), self.environment, self.folder / f"{name}.log") for name, word in words.items()]


def main() -> int:
    """Run once and print the verdict."""
    return command(__doc__, lambda *given: Run(*given)())


if __name__ == "__main__":
    sys.exit(main())
