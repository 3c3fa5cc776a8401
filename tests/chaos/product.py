"""The product as an operator has it: its settings in this folder, and the commands that a person would type."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

from deploy.dev.stack import Stack
from tests.chaos.processes import BIN
from tests.chaos.schedule import SESSION_SECONDS

NAMESPACE = "chaos-"
PARTITIONS = 4


def settings(stack: Stack, folder: Path) -> dict[str, str]:
    """The environment of every process of a run."""
    return stack.environment() | {
        "PSO_NAMESPACE": NAMESPACE,
        "PSO_PARTITIONS": str(PARTITIONS),
        "PSO_ARRANGEMENTS_FILE": str(folder / "arrangements.toml"),
        "PSO_SESSION_TIMEOUT_SECONDS": str(int(SESSION_SECONDS)),
        "PSO_HEALTH_PORT": "0",
        "PSO_STALL_SECONDS": "30",
        "PSO_LOG_LEVEL": "warning",
    }


def pso(environment: Mapping[str, str], *words: str) -> str:
    """What `pso WORDS` says on stdout; a check that found something is an answer too. Raises SystemExit."""
    done = subprocess.run(
        [str(BIN / "pso"), *words], env=dict(environment), capture_output=True, text=True, timeout=180, check=False
    )
    if done.returncode not in (0, 3):
        raise SystemExit(f"pso {' '.join(words)} ended with {done.returncode}: {done.stderr.strip()}")
    return done.stdout
