"""What every chaos command has in common: its options, its folder, the verdict as its last line, its exit code."""

import argparse
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from deploy.dev.stack import Stack

Run = Callable[[Path, int, int, float], dict[str, Any]]
"""Folder, seed, events, and the least seconds under fire; the verdict."""


def command(description: str | None, run: Run) -> int:
    """Run once and print the verdict; 0 where it is exact, 3 where it is not."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=1.5, help="least time under fire")
    parser.add_argument("--events", type=int, default=50_000)
    parser.add_argument("--dir", type=Path, default=Path(".work/chaos"))
    parser.add_argument("--keep", action="store_true", help="keep the folder of a good run too")
    given = parser.parse_args()
    folder = (given.dir / f"seed-{given.seed}").absolute()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    verdict = run(folder, given.seed, given.events, given.minutes * 60)
    good = verdict["verdict"] == "exact"
    if good and not given.keep:
        Stack.existing(folder / "stack").wipe()
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(verdict), flush=True)
    return 0 if good else 3
