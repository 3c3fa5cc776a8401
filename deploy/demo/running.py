"""The product's own commands as processes of the demo: every figure comes out of what a user would run."""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deploy.dev.processes import free_ports

BIN = Path(sys.executable).parent
READY_SECONDS = 60.0
STOP_SECONDS = 30.0


class DemoFailed(Exception):
    """A command of the demo failed; the message says which and where its words are."""


def command(environment: Mapping[str, str], *words: str, accept: tuple[int, ...] = (0,)) -> str:
    """Run a command to its end; what it printed."""
    done = subprocess.run(
        [str(BIN / words[0]), *words[1:]],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode not in accept:
        raise DemoFailed(f"`{' '.join(words)}` ended with {done.returncode}: {done.stderr.strip()[-500:]}")
    return done.stdout


def sent_by(output: str) -> Mapping[str, Any]:
    """The summary that `pso-produce send --json` prints last."""
    summary: dict[str, Any] = json.loads(output.strip().splitlines()[-1])
    return summary


@dataclass
class Service:
    """A long-running process of the product, with its health page."""

    name: str
    environment: Mapping[str, str]
    log: Path
    options: Sequence[str] = ()
    port: int = field(default_factory=lambda: free_ports(1)[0])
    words: tuple[str, ...] = ()
    """What is run instead of `pso <name>`."""
    _process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; its lines go to its log."""
        environment = {**os.environ, **self.environment, "PSO_HEALTH_PORT": str(self.port)}
        with self.log.open("ab") as out:
            self._process = subprocess.Popen(
                self.words or (str(BIN / "pso"), self.name, *self.options),
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,  # Ctrl-C reaches the demo, which stops it in order
            )

    def await_ready(self) -> None:
        """Wait until /readyz says yes."""
        end = time.monotonic() + READY_SECONDS
        while time.monotonic() < end:
            self.check()
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=2) as answer:
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                pass
            time.sleep(0.1)
        raise DemoFailed(f"pso {self.name} was not ready in {READY_SECONDS:.0f} s, see {self.log}")

    @property
    def pid(self) -> int:
        """The process id. Raises DemoFailed when it is gone."""
        self.check()
        assert self._process is not None
        return self._process.pid

    def check(self) -> None:
        """Raise when it is gone."""
        if self._process is None or self._process.poll() is not None:
            raise DemoFailed(f"pso {self.name} ended on its own, see {self.log}")

    def kill(self) -> None:
        """kill -9."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def stop(self) -> None:
        """SIGTERM: it drains and leaves."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
