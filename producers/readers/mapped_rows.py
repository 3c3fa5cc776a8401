"""The rows of one event and a mapping -> the event, or the faults that stand against it in the words of the file."""

from collections.abc import Iterator, Sequence

from producers.fields import names_of
from producers.mapping import Mapping, Row, apply
from producers.readers.completion import complete
from producers.readers.outcome import Fault, Origin, Outcome, Read


def outcomes(
    rows: Sequence[Row], numbers: Sequence[int], mapping: Mapping, origin: Origin, source_format: str
) -> Iterator[Outcome]:
    """`numbers`: where in the file each of the rows stands."""
    mapped = apply(mapping, rows, origin, source_format)
    if mapped.problems:
        for found in mapped.problems:
            yield Fault(numbers[found.position], found.column, found.reason, found.hint)
        return
    outcome = complete(numbers[0], mapped.datum, origin, source_format)
    yield outcome if isinstance(outcome, Read) else _in_words_of_the_file(outcome, mapping)


def _in_words_of_the_file(fault: Fault, mapping: Mapping) -> Fault:
    """A path of the record is named by the column that fills it, where one does."""
    column = mapping.column_of(names_of(fault.column)) if fault.column else None
    return Fault(fault.row, column or fault.column, fault.reason, fault.hint)
