"""How commands speak: data on stdout as text or JSON lines, talk on stderr, a progress bar on a terminal only."""

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import BinaryIO

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from producers.outbox import Outbox, State
from producers.readers.outcome import Fault

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON lines instead of text.")


def data(line: str) -> None:
    click.echo(line)


def talk(line: str) -> None:
    click.echo(line, err=True)


def json_line(**values: object) -> None:
    click.echo(json.dumps(values))


def held(outbox: Outbox) -> dict[str, int]:
    """What an outbox still holds the bytes of."""
    counts = outbox.counts()
    return {"waiting": counts[State.CAPTURED], "refused": counts[State.REFUSED]}


def summary(values: Mapping[str, object], *, as_json: bool) -> None:
    """One JSON line, or one line of text with the same values."""
    if as_json:
        json_line(kind="summary", **values)
    else:
        data(", ".join(f"{name} {value}" for name, value in values.items()))


def fault_text(file: str, fault: Fault) -> str:
    """FILE:ROW: COLUMN: REASON: HINT, as compilers write it."""
    place = f"{file}:{fault.row}: {fault.column}: " if fault.column else f"{file}:{fault.row}: "
    return f"{place}{fault.reason}: {fault.hint}"


def fault_json(file: str, fault: Fault) -> None:
    json_line(kind="fault", file=file, row=fault.row, column=fault.column, reason=str(fault.reason), hint=fault.hint)


@contextmanager
def reading_bar(label: str, stream: BinaryIO, total: int | None) -> Iterator[BinaryIO]:
    """The stream, with a bar of the bytes read from it when stderr is a terminal."""
    if not sys.stderr.isatty() or not total:
        yield stream
        return
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield progress.wrap_file(stream, total=total, description=label)


@contextmanager
def sending_bar(total: int) -> Iterator["SendingBar"]:
    """A bar of the events delivered, when stderr is a terminal."""
    if not sys.stderr.isatty():
        yield SendingBar(None, total)
        return
    columns = (TextColumn("sending"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield SendingBar(progress, total)


class SendingBar:
    """Shows how many of `total` events are done; shows nothing without a Progress."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self._progress = progress
        self._task = progress.add_task("", total=total) if progress else None

    def done(self, events: int) -> None:
        if self._progress is not None and self._task is not None:
            self._progress.update(self._task, completed=events)
