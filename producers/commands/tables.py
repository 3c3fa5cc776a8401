"""A table for the `map` commands: a CSV of any encoding, or the first sheet of a workbook."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import wraps

import click

from producers.commands.formats import by_content, by_name
from producers.commands.opening import head_of, opened, recognised_encoding
from producers.commands.sources import encoding_option
from producers.commands.workbook_process import rows_of_workbook
from producers.failure import ExitCode
from producers.mapping import Mapping
from producers.readers.encodings import Encoding
from producers.readers.workbook_rows import workbook_records
from producers.tables import Table, csv_table


@dataclass(frozen=True, slots=True)
class TableFile:
    """A file, `-` for standard input. Without an encoding it is recognised."""

    file: str
    encoding: Encoding | None

    @contextmanager
    def opened(self, mapping: Mapping | None = None) -> Iterator[Table]:
        """Its table, read as the mapping asks where there is one. Raises Failure."""
        with ExitStack() as stack:
            stream = stack.enter_context(opened(self.file))
            if by_content(head_of(stream), by_name(self.file)) == "excel":
                rows = stack.enter_context(rows_of_workbook(stream, None))
                yield Table(workbook_records(rows, mapping), "")
            else:
                yield csv_table(stream, self.encoding or recognised_encoding(self.file, stream, self.file), mapping)


def table_options(command: Callable[..., ExitCode]) -> Callable[..., ExitCode]:
    """FILE and --encoding, handed to the command as `source`."""

    @wraps(command)
    def with_source(file: str, encoding: Encoding | None, **others: object) -> ExitCode:
        return command(source=TableFile(file, encoding), **others)

    wrapped: Callable[..., ExitCode] = encoding_option(with_source)
    return click.argument("file", type=click.Path(allow_dash=True))(wrapped)
