"""A gateway as a process of its own, which may be killed and started again on the same port."""

import os
import re
import signal
import ssl
import subprocess
import sys
from pathlib import Path

import httpx

from deploy.dev.processes import free_ports
from tests.support.deadline import eventually

ROOT = Path(__file__).parents[2]
WHOSE = ("--provider", "prv-8f3k2m", "--arrangement", "arr-7k2q", "--system", "rl6-main")


class GatewayProcess:
    """Its folder, its port, a key, and the process while there is one. `words` are further options of the command."""

    def __init__(self, folder: Path, *words: str, **environ: str) -> None:
        (self.port,) = free_ports(1)
        self.url = f"http://127.0.0.1:{self.port}"
        self.folder = folder / "gateway"
        self.environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "PSO_GATEWAY_DIR": str(self.folder),
            "PSO_GATEWAY_PORT": str(self.port),
            **environ,
        }
        self.key = self.produce("gateway", "keys", "new", *WHOSE).stdout.strip()
        self.trust: ssl.SSLContext | bool = True
        """What TLS trusts, where the gateway speaks it."""
        self._words = words
        self._log = folder / "gateway.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}

    def produce(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """A command that must succeed."""
        ran = self.attempt(*words)
        assert ran.returncode == 0, ran.stderr
        return ran

    def attempt(self, *words: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "producers", *words]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=120, check=False)

    def start(self) -> None:
        """Returns when it answers."""
        with self._log.open("ab") as log:
            command = [sys.executable, "-m", "producers", "gateway", *self._words]
            self._process = subprocess.Popen(command, env=self.environment, stderr=log, stdout=log)
        eventually(self.answers)

    def answers(self) -> bool:
        assert self._process
        assert self._process.poll() is None, self.log()
        try:
            return httpx.get(f"{self.url}/livez", timeout=2, verify=self.trust).status_code == 200
        except httpx.TransportError:
            return False

    def kill(self) -> None:
        """kill -9."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def terminate(self) -> int:
        """SIGTERM; its exit code."""
        assert self._process
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(60)

    def log(self) -> str:
        return self._log.read_text()

    def peak_megabytes(self) -> float:
        """The most memory that it ever held."""
        assert self._process
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        found = re.search(r"VmHWM:\s+(\d+) kB", status)
        assert found
        return int(found[1]) / 1024

    def cpu_seconds(self) -> float:
        """User and system time so far."""
        assert self._process
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(") ")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def __enter__(self) -> "GatewayProcess":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
