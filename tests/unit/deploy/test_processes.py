"""Servers are found again by their command line, and nobody else's process is ever ended."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from deploy.dev.failure import StackError
from deploy.dev.processes import (
    PORTS,
    Claim,
    LogTail,
    Server,
    command_line,
    free_ports,
    processes_with,
    stop_leftovers,
    wait_until,
)

DEAF = "import signal, sys; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); sys.stdin.read()"
PATIENT = "import sys; print('ready', flush=True); sys.stdin.read()"
QUICK = ((signal.SIGTERM, 0.3), (signal.SIGKILL, 5.0))


@contextmanager
def running(program: str, *arguments: str) -> Iterator["subprocess.Popen[bytes]"]:
    command = [sys.executable, "-c", program, *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        try:
            yield process
        finally:
            process.kill()


def test_free_ports_are_distinct_bindable_and_below_those_of_outgoing_connections() -> None:
    ports = free_ports(6)
    assert len(set(ports)) == 6
    assert set(ports) <= set(PORTS)
    for port in ports:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", port))


@pytest.mark.parametrize(
    ("program", "remark"), [(PATIENT, "ends when it is asked"), (DEAF, "has to be killed")]
)  # fmt: skip
def test_a_leftover_is_ended(tmp_path: Path, program: str, remark: str) -> None:
    with running(program, "server", str(tmp_path)) as leftover:
        assert stop_leftovers(("server", str(tmp_path)), QUICK) == [leftover.pid], remark
        assert leftover.wait(5) < 0
    assert not list(processes_with(("server", str(tmp_path))))


@pytest.mark.parametrize(
    ("arguments", "remark"),
    [
        (("server", "{home}/2"), "the server of a directory inside"),
        (("server", "{home}x"), "a directory whose name begins the same"),
        (("{home}",), "an editor with a file of that name"),
        (("{home}", "server"), "the other way round"),
        (("server", "x", "{home}"), "something between"),
    ],
)
def test_another_process_is_left_alone(tmp_path: Path, arguments: tuple[str, ...], remark: str) -> None:
    with running(PATIENT, *(argument.format(home=tmp_path) for argument in arguments)) as other:
        assert stop_leftovers(("server", str(tmp_path)), QUICK) == [], remark
        assert other.poll() is None, remark


def test_a_process_that_is_gone_has_no_command_line() -> None:
    with running(PATIENT) as process:
        assert command_line(process.pid)[-1] == PATIENT
    assert command_line(process.pid) == []


def test_one_starter_at_a_time_has_a_directory(tmp_path: Path) -> None:
    first, second = Claim(tmp_path / "home"), Claim(tmp_path / "home")
    first.take()
    first.take()
    with pytest.raises(StackError, match="is in use"):
        second.take()
    first.release()
    second.take()
    second.release()


def test_a_claim_ends_with_the_process_that_holds_it(tmp_path: Path) -> None:
    hold = "from pathlib import Path; import sys; from deploy.dev.processes import Claim; c = Claim(Path(sys.argv[1]))"
    with running(f"{hold}; c.take(); print('held', flush=True); sys.stdin.read()", str(tmp_path)) as holder:
        with pytest.raises(StackError, match="is in use"):
            Claim(tmp_path).take()
        holder.kill()
        holder.wait()
        claim = Claim(tmp_path)
        claim.take()
        claim.release()


def test_a_server_that_does_not_stop_in_time_is_killed(tmp_path: Path) -> None:
    server = Server(tmp_path / "console.log")
    server.spawn([sys.executable, "-c", DEAF.replace("sys.stdin.read()", "signal.pause()")], {})
    assert wait_until(lambda: "ready" in (tmp_path / "console.log").read_text(), 10)
    assert server.pid is not None
    server.stop(signal.SIGTERM, 0.2)
    assert server.exit_code == -signal.SIGKILL
    assert server.pid is None


def test_a_log_tail_begins_where_the_server_was_started(tmp_path: Path) -> None:
    log = tmp_path / "server.log"
    assert LogTail(log).text() == ""
    log.write_text("ready (the last time)\n")
    tail = LogTail(log)
    assert tail.text() == ""
    with log.open("a") as file:
        file.write("starting\n")
    assert tail.text() == "starting\n"
    log.write_text("rolled\n")
    assert tail.text() == "rolled\n"


def test_waiting_ends_with_the_deadline() -> None:
    assert not wait_until(lambda: False, 0.05)
