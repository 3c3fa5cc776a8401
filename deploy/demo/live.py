"""`make dev`: everything stays up, with a live trickle of invented events, until Ctrl-C."""

import json
import signal
import threading
import time
from types import FrameType

import click

from deploy.demo import submissions
from deploy.demo.running import Service, command
from deploy.dev.stack import Stack

EVERY_SECONDS = 5.0
EVENTS = 24


def stay(environment: dict[str, str], plan: submissions.Plan, services: list[Service], stack: Stack) -> None:
    """Say where everything is, then submit a few new events every few seconds until told to stop."""
    stop = _asked_to_stop()
    for service in services:
        click.echo(f"  pso {service.name}: http://127.0.0.1:{service.port}/metrics, /readyz")
    click.echo(f"  Kafka {stack.bootstrap}")
    click.echo("  to use `pso` and `pso-produce` against it:")
    for name, value in sorted(environment.items()):
        click.echo(f"    export {name}={json.dumps(value)}")
    click.echo("Ctrl-C stops everything.")
    folder = plan.arrangements.parent
    seed = 1_000
    while not stop.wait(EVERY_SECONDS):
        for service in services:
            service.check()
        seed += 1
        _trickle(environment, submissions.trickle(folder, EVENTS, seed))


def _trickle(environment: dict[str, str], few: tuple[submissions.Submission, ...]) -> None:
    began = time.monotonic()
    for submission in few:
        command(environment | dict(submission.environment), *submission.words, accept=(0, 3))
    click.echo(f"\rsubmitted another {len(few)} small files in {time.monotonic() - began:.1f} s", err=True, nl=False)


def _asked_to_stop() -> threading.Event:
    asked = threading.Event()

    def ask(_number: int, _frame: FrameType | None) -> None:
        asked.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, ask)
    return asked
