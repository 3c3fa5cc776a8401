"""A server as a process of one directory: one living starter, one process, and no orphan of a killed starter."""

import fcntl
import os
import random
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

from deploy.dev.failure import StackError

PORTS = range(15_000, 32_000)
"""Below the ports that Linux and macOS give to outgoing connections: a client that keeps trying a dead server's
port could otherwise be given that very port, connect to itself and keep the server from coming back."""
POLL_SECONDS = 0.03


def free_ports(count: int) -> list[int]:
    """Ports of 127.0.0.1 nobody listens on now; another process may still take one before they are used."""
    found: list[int] = []
    for port in random.SystemRandom().sample(PORTS, len(PORTS)):  # a seeded test must not choose another's ports
        if len(found) == count:
            return found
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        found.append(port)
    raise StackError("no free port on 127.0.0.1")


def wait_until(question: Callable[[], bool], seconds: float) -> bool:
    """Asks until the answer is yes or the time is over; the last answer."""
    deadline = time.monotonic() + seconds
    while not question():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True


class Claim:
    """The right to run servers in a directory. The kernel frees it when the process that holds it dies."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._file: IO[str] | None = None

    def take(self) -> None:
        """Raises StackError when another living starter holds it."""
        if self._file is not None:
            return
        self._directory.mkdir(parents=True, exist_ok=True)
        file = (self._directory / "starter.lock").open("a")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            raise StackError(f"{self._directory} is in use: another process runs its servers") from None
        self._file = file

    def release(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


def command_line(pid: int) -> list[str]:
    """The arguments of a running process; empty when it is gone, a zombie, or hidden from us."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")[:-1]
    except OSError:
        return []


def processes_with(arguments: Sequence[str]) -> Iterator[int]:
    """Processes whose command line holds these arguments one after another: they name one server's directory."""
    for entry in Path("/proc").glob("[0-9]*"):
        if runs_with(int(entry.name), arguments):
            yield int(entry.name)


def runs_with(pid: int, wanted: Sequence[str]) -> bool:
    line = command_line(pid)
    return any(line[start : start + len(wanted)] == list(wanted) for start in range(len(line)))


def stop_leftovers(arguments: Sequence[str], signals: Sequence[tuple[signal.Signals, float]]) -> list[int]:
    """Ends what a killed starter left running, by the signals in turn, each with its patience in seconds.

    Returns the processes ended. Raises StackError when one survives them all.
    """
    found = list(processes_with(arguments))
    for pid in found:
        if not any(_ended(pid, arguments, how, patience) for how, patience in signals):
            raise StackError(f"process {pid} of an earlier start does not end")
    return found


def _ended(pid: int, arguments: Sequence[str], how: signal.Signals, patience: float) -> bool:
    if runs_with(pid, arguments):  # asked again right before each signal: the number may be another's by now
        os.kill(pid, how)
    return wait_until(lambda: not runs_with(pid, arguments), patience)


class Server:
    """A child process in its own session, so that Ctrl-C reaches the starter, which stops its servers in order."""

    def __init__(self, console: Path) -> None:
        self._console = console
        self._process: subprocess.Popen[bytes] | None = None

    def spawn(self, command: Sequence[str], environment: Mapping[str, str], **identity: object) -> None:
        with self._console.open("ab") as out:
            self._process = subprocess.Popen(  # type: ignore[call-overload]
                command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                env=environment,
                start_new_session=True,
                **identity,
            )

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process is not None and self.running else None

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def exit_code(self) -> int | None:
        return None if self._process is None else self._process.poll()

    def send(self, how: signal.Signals) -> None:
        if self._process is not None and self.running:
            self._process.send_signal(how)

    def stop(self, how: signal.Signals, patience: float) -> None:
        """Sends the signal and waits; kills what does not end within `patience` seconds."""
        if self._process is None or not self.running:
            return
        self._process.send_signal(how)
        try:
            self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class LogTail:
    """What a server wrote to its log since it was started."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._start = path.stat().st_size if path.exists() else 0

    def text(self) -> str:
        if not self._path.exists():
            return ""
        with self._path.open("rb") as file:
            file.seek(self._start if self._path.stat().st_size >= self._start else 0)  # it was rolled meanwhile
            return file.read().decode(errors="replace")
