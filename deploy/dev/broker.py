"""One real Apache Kafka broker on 127.0.0.1: format, start, wait until it serves, stop, kill, start again."""

import base64
import shutil
import signal
import subprocess
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from deploy.dev.broker_settings import DEVELOPMENT, LOG4J, Membership, Ports, listeners, properties_text
from deploy.dev.failure import AddressInUse, StackError
from deploy.dev.jars import Runtime
from deploy.dev.processes import Claim, LogTail, Server, free_ports, processes_with, stop_leftovers, wait_until

READY = "Kafka Server started"
"""Printed once the controller lets the broker serve; its port accepts connections earlier than that."""
START_SECONDS = 60.0
STOP_SECONDS = 30.0
NO_QUORUM_SECONDS = 8.0
"""A node whose controllers have no majority never ends on SIGTERM."""
ADDRESSES_TRIED = 3
# One client compiler and one collector thread: a short start and little memory, not throughput.
JVM = (
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-XX:+ExitOnOutOfMemoryError",
    "-XX:-UsePerfData",
    "-Djava.awt.headless=true",
    "-Xms64m",
    "-Xmx256m",
)


def new_cluster_id() -> str:
    return base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")


def saved_ports(home: Path) -> Ports | None:
    """The ports this broker had when it last served: a restart keeps them, clients keep the address."""
    saved = home / "ports"
    return Ports.parse(saved.read_text()) if saved.exists() else None


class Broker:
    """A broker and its directory. `kill` is SIGKILL; what was acknowledged is there after the next `start`."""

    def __init__(
        self,
        home: Path | str,
        *,
        ports: Ports | None = None,
        membership: Membership | None = None,
        settings: Mapping[str, object] | None = None,
        jvm: tuple[str, ...] = (),
    ) -> None:
        """`settings` override the broker's properties; `jvm` are further options of the server's Java."""
        self.home = Path(home).resolve()
        self.log = self.home / "kafka.log"
        self._membership, self._jvm, self._overrides = membership, jvm, dict(settings or {})
        saved = saved_ports(self.home)
        self._address_may_change = ports is None and saved is None
        self.ports = ports or saved or Ports(*free_ports(2))
        self._configuration = self.home / "server.properties"
        self._claim = Claim(self.home)
        self._server = Server(self.home / "console.log")
        self._tail = LogTail(self.log)

    @property
    def node(self) -> int:
        return self._membership.node if self._membership else 1

    @property
    def bootstrap(self) -> str:
        return f"127.0.0.1:{self.ports.client}"

    @property
    def running(self) -> bool:
        return self._server.running

    @property
    def pid(self) -> int | None:
        return self._server.pid

    def start(self) -> Self:
        """Starts and waits until clients are served. Raises StackError."""
        for attempt in range(1, ADDRESSES_TRIED + 1):
            self.launch()
            try:
                return self.wait()
            except AddressInUse:
                if not self._address_may_change or attempt == ADDRESSES_TRIED:
                    raise
                self.ports = Ports(*free_ports(2))
        raise AssertionError("unreachable")

    def launch(self) -> None:
        """Starts the process without waiting: a quorum must exist before any node of a cluster is ready."""
        if self.running:
            raise StackError(f"the broker in {self.home} is running already")
        runtime = Runtime.ready()
        self._claim.take()
        try:
            stop_leftovers(self._signature, ((signal.SIGTERM, NO_QUORUM_SECONDS), (signal.SIGKILL, 5.0)))
            self._configure()
            self._format(runtime)
            self._tail = LogTail(self.log)
            command = self._command(runtime, self._jvm or runtime.startup_options(), *self._signature)
            self._server.spawn(command, {"LC_ALL": "C.UTF-8"})
        except BaseException:
            self._claim.release()
            raise

    def wait(self, seconds: float = START_SECONDS) -> Self:
        """Waits until clients are served; a broker that does not come up is killed. Raises StackError."""
        wait_until(lambda: READY in self._tail.text() or not self.running, seconds)
        if self.running and READY in self._tail.text():
            (self.home / "ports").write_text(str(self.ports))
            self._address_may_change = False
            return self
        code, written = self._server.exit_code, self._tail.text()
        self.kill()
        if "Address already in use" in written:
            raise AddressInUse(f"a port of {self.ports} is taken, see {self.log}")
        how = f"is not ready after {seconds:.0f} s" if code is None else f"ended with {code}"
        raise StackError(f"Kafka {how}, see {self.log}")

    def stop(self, patience: float = STOP_SECONDS) -> None:
        self._server.stop(signal.SIGTERM, patience)
        self._claim.release()

    def terminate(self) -> None:
        """Asks the broker to stop and does not wait."""
        self._server.send(signal.SIGTERM)

    def kill(self) -> None:
        """SIGKILL: no farewell to clients, nothing flushed by the broker."""
        self._server.stop(signal.SIGKILL, STOP_SECONDS)
        self._claim.release()

    def wipe(self) -> None:
        """Ends a leftover and removes all records. Raises StackError while another living starter has the broker."""
        self.kill()
        self._claim.take()
        stop_leftovers(self._signature, ((signal.SIGKILL, 5.0),))
        shutil.rmtree(self.home, ignore_errors=True)
        self._claim.release()

    def leftovers(self) -> list[int]:
        """Processes that serve this directory, whoever started them."""
        return list(processes_with(self._signature))

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    @property
    def _signature(self) -> tuple[str, str]:
        """The end of the command line: it tells this broker's process from every other one."""
        return ("kafka.Kafka", str(self._configuration))

    def _configure(self) -> None:
        shutil.rmtree(self.home / "tmp", ignore_errors=True)
        (self.home / "tmp").mkdir(parents=True)
        voters = self._membership.voters if self._membership else f"1@127.0.0.1:{self.ports.controller}"
        values = {
            **listeners(self.node, self.ports, voters),
            **DEVELOPMENT,
            "log.dirs": self.home / "data",
            **self._overrides,
        }
        self._configuration.write_text(properties_text(values))
        (self.home / "log4j2.xml").write_text(LOG4J)

    def _format(self, runtime: Runtime) -> None:
        """Once per directory. A format that was cut short left no record behind, so it is done afresh."""
        done = self.home / "formatted"
        if done.exists():
            return
        shutil.rmtree(self.home / "data", ignore_errors=True)
        # --cluster-id=ID in one word: an id that begins with "-" would be taken for an option.
        cluster_id = self._membership.cluster_id if self._membership else new_cluster_id()
        arguments = ("kafka.tools.StorageTool", "format", f"--cluster-id={cluster_id}", "-c", str(self._configuration))
        command = self._command(runtime, runtime.startup_options(), *arguments)
        result = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
        if result.returncode:
            last = (result.stderr or result.stdout).strip().splitlines()[-1:]
            raise StackError(f"Kafka's storage could not be formatted: {' '.join(last)}")
        done.touch()

    def _command(self, runtime: Runtime, options: Sequence[str], *arguments: str) -> list[str]:
        properties = {
            "kafka.log": self.log,
            "log4j2.configurationFile": self.home / "log4j2.xml",
            "java.io.tmpdir": self.home / "tmp",  # a killed Java leaves its unpacked libraries there
        }
        defined = [f"-D{name}={value}" for name, value in properties.items()]
        return [str(runtime.java), *JVM, *options, *defined, "-cp", runtime.class_path, *arguments]
