"""FILE, --format, --mapping, --encoding and --sheet of a command line, as the outcomes of reading that file."""

import io
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path

import click

from producers.commands.formats import FORMATS, MAPPED, by_content, by_name, checked
from producers.commands.opening import head_of, opened, recognised_encoding
from producers.commands.presentation import talk
from producers.commands.workbook_process import rows_of_workbook
from producers.failure import ExitCode
from producers.mapping import Mapping
from producers.mapping_file import load_mapping
from producers.readers.common_formats_dsv import CommonFormatsDsv
from producers.readers.common_formats_xml import read_common_formats_xml
from producers.readers.csv_rows import CsvRows
from producers.readers.encodings import Encoding
from producers.readers.fhir import read_fhir
from producers.readers.json_lines import read_json_lines
from producers.readers.outcome import Origin, Outcome
from producers.readers.table import read_table
from producers.readers.workbook_rows import workbook_records

_ENCODINGS = [encoding.value for encoding in Encoding]


@dataclass(frozen=True, slots=True)
class Source:
    """A file to be read, `-` for standard input. `mapping` is a path or the name of a shipped mapping."""

    file: str
    format: str | None
    mapping: str | None
    encoding: Encoding | None = None
    sheet: str | None = None
    told_as: str = ""
    """What is said instead of the file's name, where that may name a patient."""

    @property
    def _name(self) -> str:
        return self.told_as or self.file

    @contextmanager
    def outcomes(self, origin: Origin) -> Iterator[Iterator[Outcome]]:
        """The events and faults of the file. Raises Failure when the file or its mapping cannot be used."""
        given = load_mapping(self.mapping) if self.mapping else None
        with ExitStack() as stack:
            stream = stack.enter_context(opened(self.file))
            found = self._format(stream)
            if found == "jsonl":
                yield read_json_lines(stream, origin)
                return
            mapping = given or load_mapping(MAPPED[found])
            match found:
                case "excel":
                    rows = stack.enter_context(rows_of_workbook(stream, self.sheet))
                    yield read_table(workbook_records(rows, mapping), mapping, origin, "excel")
                case "cf-xml":
                    yield read_common_formats_xml(stream, mapping, origin)
                case "fhir":
                    yield read_fhir(stream, mapping, origin)
                case _:
                    yield self._delimited(stream, found, mapping, origin)

    def _delimited(self, stream: io.BufferedReader, found: str, mapping: Mapping, origin: Origin) -> Iterator[Outcome]:
        encoding = self.encoding or recognised_encoding(self.file, stream, self._name)
        rows = (CommonFormatsDsv if found == "cf-dsv" else CsvRows)(stream, mapping, origin, encoding)
        if rows.recognised_delimiter:
            talk(f"{self._name}: columns are separated by {rows.recognised_delimiter!r} (recognised)")
        return iter(rows)

    def _format(self, stream: io.BufferedReader) -> str:
        """What the command line says; otherwise what the content shows, told where the name does not say the same."""
        if self.format is not None:
            return checked(self.format, self._name, self.mapping)
        named = by_name(self.file)
        shown = by_content(head_of(stream), named)
        if shown is not None and shown != named:
            talk(f"{self._name}: read as {shown} (by its content)")
        return checked(shown or named, self._name, self.mapping)


def _chosen(_context: click.Context, _option: click.Parameter, given: str | None) -> Encoding | None:
    return Encoding(given) if given else None


encoding_option = click.option(
    "--encoding", type=click.Choice(_ENCODINGS), callback=_chosen, help="Of CSV and DSV; by default recognised and told."
)


def source_options(command: Callable[..., ExitCode], *, required: bool = True) -> Callable[..., ExitCode]:
    """FILE... and the options about it, handed to the command as `sources`; none where no FILE is `required`."""

    @wraps(command)
    def with_sources(
        files: tuple[str, ...],
        source_format: str | None,
        mapping: str | None,
        encoding: Encoding | None,
        sheet: str | None,
        **others: object,
    ) -> ExitCode:
        for file in files:
            _fits(file, source_format, mapping)
        return command(sources=[Source(file, source_format, mapping, encoding, sheet) for file in files], **others)

    options = (
        click.argument("files", nargs=-1, required=required, metavar="FILE...", type=click.Path(allow_dash=True)),
        click.option("--format", "source_format", type=click.Choice(FORMATS), help="By default from content and name."),
        click.option("--mapping", metavar="NAME|FILE", help="For CSV and Excel: a shipped name or a TOML file."),
        encoding_option,
        click.option("--sheet", metavar="NAME", help="Of a workbook; by default the first."),
    )
    wrapped: Callable[..., ExitCode] = with_sources
    for option in reversed(options):
        wrapped = option(wrapped)
    return wrapped


def _fits(file: str, given: str | None, mapping: str | None) -> None:
    """What is wrong is told before any file is opened, as far as names tell it."""
    found = given or by_name(file)
    if found is not None or (file != "-" and not Path(file).is_file()):
        checked(found, file, mapping)
