"""A table for the `map` commands: a CSV of any encoding, or the first sheet of a workbook."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from producers.commands.formats import by_content, by_name
from producers.commands.opening import head_of, opened, recognised_encoding
from producers.commands.workbook_process import rows_of_workbook
from producers.mapping import Mapping
from producers.readers.encodings import Encoding
from producers.readers.workbook_rows import workbook_records
from producers.tables import Table, csv_table


@contextmanager
def opened_table(file: str, encoding: Encoding | None, mapping: Mapping | None = None) -> Iterator[Table]:
    """The table of a file, read as the mapping asks where there is one. Raises Failure."""
    with ExitStack() as stack:
        stream = stack.enter_context(opened(file))
        if by_content(head_of(stream), by_name(file)) == "excel":
            rows = stack.enter_context(rows_of_workbook(stream, None))
            yield Table(workbook_records(rows, mapping), "")
        else:
            yield csv_table(stream, encoding or recognised_encoding(file, stream), mapping)
