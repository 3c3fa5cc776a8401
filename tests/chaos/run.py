"""`python -m tests.chaos.run --seed N`: the whole job under a seeded schedule of faults; the last line is the verdict as JSON.

Exit code 0: every accepted event is in the warehouse exactly once or a dead letter with a reason, every revision in order,
every aggregate cell equal to a recomputation. Exit code 3: it is not.
"""

import argparse
import json
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.dev.stack import Stack
from tests.chaos.oracle import Oracle
from tests.chaos.processes import BIN, Process
from tests.chaos.publishing import Publishing
from tests.chaos.schedule import SESSION_SECONDS, Faults
from tests.chaos.workload import Plan, arrangements_toml, plan, write_batches

NAMESPACE = "chaos-"
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
            self.environment = self._environment(stack)
            self._pso("topics", "create")
            self._pso("warehouse", "migrate")
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
            reconciliation = json.loads(self._pso("reconcile", "--json", "--grace", "0"))
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

    def _environment(self, stack: Stack) -> dict[str, str]:
        return stack.environment() | {
            "PSO_NAMESPACE": NAMESPACE,
            "PSO_PARTITIONS": "4",
            "PSO_ARRANGEMENTS_FILE": str(self.folder / "arrangements.toml"),
            "PSO_SESSION_TIMEOUT_SECONDS": str(int(SESSION_SECONDS)),
            "PSO_HEALTH_PORT": "0",
            "PSO_STALL_SECONDS": "30",
            "PSO_LOG_LEVEL": "warning",
        }

    def _pso(self, *words: str) -> str:
        done = subprocess.run(
            [str(BIN / "pso"), *words], env=self.environment, capture_output=True, text=True, timeout=180, check=False
        )
        if done.returncode not in (0, 3):
            raise SystemExit(f"pso {' '.join(words)} ended with {done.returncode}: {done.stderr.strip()}")
        return done.stdout


def main() -> int:
    """Run once and print the verdict."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=1.5, help="least time under fire")
    parser.add_argument("--events", type=int, default=50_000)
    parser.add_argument("--dir", type=Path, default=Path(".work/chaos"))
    parser.add_argument("--keep", action="store_true", help="keep the folder of a good run too")
    given = parser.parse_args()
    folder = (given.dir / f"seed-{given.seed}").absolute()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    verdict = Run(folder, given.seed, given.events, given.minutes * 60)()
    good = verdict["verdict"] == "exact"
    if good and not given.keep:
        Stack.existing(folder / "stack").wipe()
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(verdict), flush=True)
    return 0 if good else 3


if __name__ == "__main__":
    sys.exit(main())
