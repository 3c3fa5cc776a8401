"""`python -m deploy.demo`: the whole job on a bare machine, from a provider's file to rows, and that nothing is lost."""

import json
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click
import psycopg

from deploy.demo import canaries, figures, live, story, submissions
from deploy.demo.running import DemoFailed, Service, command, sent_by
from deploy.dev.failure import StackError
from deploy.dev.stack import Stack

NOT_CLEAN = 3
SETTLE_SECONDS = 600.0
AT_ONCE = 3  # providers that send at the same time
OK_OR_FAULTS = (0, 3)  # `pso-produce send` says 3 when a file holds unreadable lines, which the demo's do


@click.command()
@click.option("--file", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Reports of your own.")
@click.option("--mapping", help="Mapping of a CSV file: a shipped name (see `pso-produce mappings`) or a TOML file.")
@click.option("--provider-type", default="hospital", show_default=True, help="Kind of provider for --file.")
@click.option("--events", default=2_000, show_default=True, help="About how many invented incidents.")
@click.option("--seed", default=1, show_default=True, help="The same seed invents the same incidents.")
@click.option("--dir", "folder", type=click.Path(path_type=Path), default=Path(".work/demo"), show_default=True)
@click.option("--summary", type=click.Path(path_type=Path), default=Path("demo-summary.json"), show_default=True)
@click.option("--stay", is_flag=True, help="Leave everything running with a live trickle of events, until Ctrl-C.")
def main(folder: Path, summary: Path, stay: bool, **what: Any) -> None:
    """Start Kafka and PostgreSQL, submit, wait for every end, reconcile, tell the story. Exit code 0 only if it is clean."""
    try:
        clean = _demo(folder.absolute(), summary, stay, what)
    except (DemoFailed, StackError) as error:
        click.echo(f"demo: {error}", err=True)
        sys.exit(1)
    sys.exit(0 if clean else NOT_CLEAN)


def _demo(folder: Path, summary: Path, stay: bool, what: dict[str, Any]) -> bool:
    say = _teller()
    _fresh(folder)
    plan = _plan(folder / "submissions", what)
    with ExitStack() as running:
        say("starting Kafka and PostgreSQL")
        stack = running.enter_context(Stack(folder / "stack"))
        environment = stack.environment() | {
            "PSO_PARTITIONS": "4",
            **canaries.prepare(plan.arrangements),
            "PSO_SESSION_TIMEOUT_SECONDS": "6",
            "PSO_LOG_LEVEL": "warning",
        }
        command(environment, "pso", "topics", "create")
        command(environment, "pso", "warehouse", "migrate")
        services = [Service(name, environment, folder / f"{name}.log") for name in ("worker", "sink")]
        for service in services:
            service.start()
            running.callback(service.stop)
        say("starting the worker (Faust steps) and the sink (PostgreSQL)")
        for service in services:
            service.await_ready()
        clean = _submit_and_tell(plan, environment, services, summary, say)
        if stay:
            live.stay(environment, plan, services, stack)
    return clean


def _submit_and_tell(
    plan: submissions.Plan, environment: dict[str, str], services: list[Service], summary: Path, say: Callable[[str], None]
) -> bool:
    began = time.monotonic()
    unreadable, submitted = 0, 0
    with ThreadPoolExecutor(AT_ONCE) as senders:
        for said in senders.map(lambda queue: _send(environment, queue), plan.queues):
            unreadable, submitted = unreadable + said["faults"], submitted + said["sent"]
            say(f"submitted {submitted:,} events")
    with psycopg.connect(environment["PSO_DATABASE_URL"], autocommit=True) as database:
        _settle(database, submitted, services, say)
        seconds = time.monotonic() - began
        rows, dead = figures.rows(database), figures.dead_letters(database)
        say("canaries: events with planted identifiers go the same way")
        flock = canaries.check(environment)
        say("reconciling")
        reconciliation = json.loads(command(environment, "pso", "reconcile", "--json", "--grace", "0", accept=(0, 3)))
        found = story.Summary(
            lines_unreadable=unreadable,
            submitted=submitted,
            accepted=rows["protected.event_revisions"],
            dead_letters=dead,
            rows=rows,
            reconciliation={name: reconciliation[name] for name in ("missing", "extra", "mismatched_cells")},
            seconds=round(seconds, 1),
            events_per_second=round(submitted / seconds, 1),
        )
        shown = story.Findings(
            cells=figures.largest_cells(database),
            signals=figures.signals(database),
            narrative=figures.narrative_in_three_grades(database),
            canaries=flock,
        )
    summary.write_text(json.dumps(found.as_json(), indent=2) + "\n")
    click.echo(story.tell(found, plan.about, shown))
    click.echo(f"\nThese figures are in {summary}; logs, files and data of the run in {services[0].log.parent}.")
    click.echo("Where to look next: README.md, docs/how-a-record-flows.md; `make dev` leaves everything running.")
    return found.clean


def _send(environment: dict[str, str], queue: Sequence[submissions.Submission]) -> dict[str, int]:
    """The files of one provider, one after the other, as it would send them."""
    total = {"faults": 0, "sent": 0}
    for submission in queue:
        output = command(environment | dict(submission.environment), *submission.words, accept=OK_OR_FAULTS)
        said = sent_by(output)
        total = {name: total[name] + int(said[name]) for name in total}
    return total


def _settle(database: figures.Database, submitted: int, services: list[Service], say: Callable[[str], None]) -> None:
    end = time.monotonic() + SETTLE_SECONDS
    while not figures.settled(database, submitted):
        for service in services:
            service.check()
        if time.monotonic() > end:
            raise DemoFailed(f"not every event had its end after {SETTLE_SECONDS:.0f} s: see `pso reconcile`")
        rows = figures.rows(database)
        accepted, disclosed = rows["protected.event_revisions"], rows["nonidentified.event_revisions"]
        say(f"in the warehouse: {accepted:,} accepted, {disclosed:,} nonidentified")
        time.sleep(0.25)


def _plan(folder: Path, what: dict[str, Any]) -> submissions.Plan:
    if what["file"] is None:
        return submissions.invented(folder, what["events"], what["seed"])
    return submissions.own_file(folder, what["file"].absolute(), what["mapping"], what["provider_type"])


def _fresh(folder: Path) -> None:
    """Begin with nothing: a demo that counts must know what it counted."""
    if (folder / "stack" / "brokers").exists():
        Stack.existing(folder / "stack").wipe()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def _teller() -> Callable[[str], None]:
    """Progress on a terminal: one line that changes. Elsewhere: a line per phase."""
    began, last = time.monotonic(), [""]
    terminal = sys.stderr.isatty()

    def say(line: str) -> None:
        text = f"[{time.monotonic() - began:5.1f} s] {line}"
        if terminal:
            click.echo(f"\r\033[K{text}", err=True, nl=False)
        elif line.split(" ")[0] != last[0]:
            click.echo(text, err=True)
        last[0] = line.split(" ")[0]

    return say


if __name__ == "__main__":
    main()
