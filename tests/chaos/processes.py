"""The product's processes under test, and the signals that hurt them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

BIN = Path(sys.executable).parent


@dataclass
class Process:
    """One process of the product, started again whenever it is found dead. Ended only by its own pid."""

    name: str
    words: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    starts: int = 0
    paused_until: float | None = None
    exits: list[int] = field(default_factory=list)
    _running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, with its output in its own log."""
        with self.log.open("ab") as out:
            self._running = subprocess.Popen(
                [str(BIN / self.words[0]), *self.words[1:]],
                env={**os.environ, **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        self.starts += 1
        self.paused_until = None

    @property
    def alive(self) -> bool:
        """True while it runs or is paused."""
        return self._running is not None and self._running.poll() is None

    def kill(self) -> None:
        """kill -9."""
        if self._running is not None and self.alive:
            self._running.kill()
            self._running.wait()

    def pause(self, seconds: float) -> None:
        """SIGSTOP: it becomes a zombie that will wake up after its session is over."""
        if self._running is not None and self.alive:
            self._running.send_signal(signal.SIGSTOP)
            self.wake_in(seconds)

    def wake_in(self, seconds: float) -> None:
        """It stands still, whoever stopped it: `tend` wakes it after so many seconds."""
        self.paused_until = time.monotonic() + seconds

    def send_signal(self, number: signal.Signals) -> None:
        """Any other signal."""
        if self._running is not None and self.alive:
            self._running.send_signal(number)

    @property
    def pid(self) -> int | None:
        """Its number in this life, or the last one."""
        return None if self._running is None else self._running.pid

    @property
    def returncode(self) -> int | None:
        """The exit code of the last start, when it has ended."""
        return None if self._running is None else self._running.poll()

    def wake_when_due(self) -> None:
        """SIGCONT once the pause is over."""
        if self.paused_until is not None and time.monotonic() > self.paused_until:
            self.wake()

    def tend(self) -> None:
        """Wake it when its time is over, start it again when it is dead."""
        self.wake_when_due()
        if not self.alive:
            if self._running is not None:
                self.exits.append(self._running.returncode)
            self.start()

    def wake(self) -> None:
        """SIGCONT."""
        if self._running is not None and self.alive:
            self._running.send_signal(signal.SIGCONT)
        self.paused_until = None

    def stop(self, timeout: float = 30.0) -> int | None:
        """SIGTERM, and kill -9 when it does not end in time; its exit code."""
        self.wake()
        if self._running is None or not self.alive:
            return None if self._running is None else self._running.returncode
        self._running.terminate()
        try:
            return self._running.wait(timeout)
        except subprocess.TimeoutExpired:
            self.kill()
            return None
