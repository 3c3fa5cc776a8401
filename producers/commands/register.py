"""pso-produce register: the register of the PSES as a file, and whether it is whole."""

from collections.abc import Iterator
from pathlib import Path

import click

from producers.commands.files import write_whole
from producers.commands.presentation import data, json_line, json_option, talk
from producers.commands.status import existing_outbox
from producers.custody.reading import entries
from producers.custody.verify import Register
from producers.failure import ExitCode
from producers.outbox import Outbox
from producers.pses.entries import export_line


@click.group()
def register() -> None:
    """The register of the PSES: every entry, report and removal, each with the hash of the one before."""


@register.command()
@click.option("--out", metavar="FILE", type=click.Path(path_type=Path), help="Write FILE instead of standard output.")
@json_option
def export(out: Path | None, as_json: bool) -> ExitCode:
    """Print the register as JSON lines, oldest entry first: what a certificate is verified against.

    \b
    Example:
      pso-produce register export --out register.jsonl
    """
    with existing_outbox() as outbox:
        if out is not None:
            write_whole(out, _lines(outbox))
            json_line(kind="summary", register=str(out)) if as_json else talk(f"wrote {out}")
        else:
            for line in _lines(outbox):
                click.get_binary_stream("stdout").write(line)
    return ExitCode.OK


@register.command()
@json_option
def check(as_json: bool) -> ExitCode:
    """Recompute every hash; exit code 3 when an entry, or what the outbox says of its item, was changed.

    This finds edits of the file, not a rewriting of all of it: for that, verify certificates that are kept elsewhere.
    """
    with existing_outbox() as outbox:
        found = Register(_lines(outbox))
    for fault in found.faults:
        json_line(kind="fault", fault=fault) if as_json else data(fault)
    if as_json:
        json_line(kind="summary", entries=len(found.entries), faults=len(found.faults))
    else:
        talk(f"{len(found.entries)} entries, {len(found.faults)} faults")
    return ExitCode.FOUND if found.faults else ExitCode.OK


def _lines(outbox: Outbox) -> Iterator[bytes]:
    return (export_line(entry, sealed) for entry, sealed in entries(outbox))
