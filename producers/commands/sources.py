"""FILE, --format and --mapping of a command line, as the outcomes of reading that file."""

import gzip
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import BinaryIO, cast

import click

from producers.commands.presentation import reading_bar, talk
from producers.failure import ExitCode, Failure
from producers.mapping_file import load_mapping
from producers.readers.csv_rows import CsvRows
from producers.readers.json_lines import read_json_lines
from producers.readers.outcome import Origin, Outcome

FORMATS = ("jsonl", "csv")
_SUFFIXES = {".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".tsv": "csv", ".txt": "csv"}
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Source:
    """A file to be read, `-` for standard input. `mapping` is a path or the name of a shipped mapping."""

    file: str
    format: str
    mapping: str | None

    @contextmanager
    def outcomes(self, origin: Origin) -> Iterator[Iterator[Outcome]]:
        """The events and faults of the file. Raises Failure when the file or its mapping cannot be used."""
        mapping = load_mapping(self.mapping) if self.mapping else None
        with ExitStack() as stack:
            stream = stack.enter_context(self._opened())
            if mapping is None:
                yield read_json_lines(stream, origin)
            else:
                rows = CsvRows(stream, mapping, origin)
                if rows.recognised_delimiter:
                    talk(f"{self.file}: columns are separated by {rows.recognised_delimiter!r} (recognised)")
                yield iter(rows)

    @contextmanager
    def _opened(self) -> Iterator[BinaryIO]:
        """Opens the file, and unpacks it when it is gzip, whatever its name."""
        try:
            descriptor = sys.stdin.fileno() if self.file == "-" else self.file
            raw = open(descriptor, "rb")  # noqa: SIM115, PTH123 - closed below; a descriptor is no Path
        except OSError as error:
            raise Failure(f"{self.file}: {error.strerror}") from None
        size = None if self.file == "-" else Path(self.file).stat().st_size
        with raw:
            packed = raw.peek(2).startswith(_GZIP)
            with reading_bar(Path(self.file).name, raw, size) as stream:
                yield cast("BinaryIO", gzip.GzipFile(fileobj=stream)) if packed else stream


def source_options(command: Callable[..., ExitCode], *, required: bool = True) -> Callable[..., ExitCode]:
    """FILE..., --format and --mapping, handed to the command as `sources`; none where no FILE is `required`."""

    @wraps(command)
    def with_sources(files: tuple[str, ...], source_format: str | None, mapping: str | None, **others: object) -> ExitCode:
        sources = [Source(file, _format_of(file, source_format, mapping), mapping) for file in files]
        return command(sources=sources, **others)

    by_format = click.option("--format", "source_format", type=click.Choice(FORMATS), help="By default from the file's name.")
    by_mapping = click.option("--mapping", metavar="NAME|FILE", help="Mapping of a CSV: a shipped name or a TOML file.")
    named = click.argument("files", nargs=-1, required=required, metavar="FILE...", type=click.Path(allow_dash=True))
    return named(by_format(by_mapping(with_sources)))


def _format_of(file: str, given: str | None, mapping: str | None) -> str:
    """Raises click.UsageError when format and mapping do not go together."""
    suffix = Path(file.removesuffix(".gz")).suffix.lower()
    found = given or _SUFFIXES.get(suffix)
    if found is None:
        raise click.UsageError(f"--format is needed: the name {file} does not tell it")
    if found == "csv" and mapping is None:
        raise click.UsageError("a CSV needs --mapping; `pso-produce mappings` lists the shipped ones")
    if found == "jsonl" and mapping is not None:
        raise click.UsageError("--mapping is for CSV: JSON lines hold the canonical fields already")
    return found
