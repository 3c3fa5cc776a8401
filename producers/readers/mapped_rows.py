"""The rows of one event and a mapping -> the event, or the faults that stand against it in the words of the file."""

from collections.abc import Iterator, Sequence

from producers.fields import names_of
from producers.mapping import Mapping, Row
from producers.mapping_plan import Plan
from producers.readers.completion import complete
from producers.readers.outcome import Fault, Origin, Outcome, Read


class MappedRows:
    """A mapping at work on one file."""

    def __init__(self, mapping: Mapping, origin: Origin, source_format: str) -> None:
        self._mapping = mapping
        self._origin = origin
        self._format = source_format
        self._plan = Plan(mapping, origin, source_format)

    def outcomes(self, rows: Sequence[Row], numbers: Sequence[int]) -> Iterator[Outcome]:
        """`numbers`: where in the file each of the rows stands."""
        mapped = self._plan.apply(rows)
        if mapped.problems:
            for found in mapped.problems:
                yield Fault(numbers[found.position], found.column, found.reason, found.hint)
            return
        outcome = complete(numbers[0], mapped.datum, self._origin, self._format)
        yield outcome if isinstance(outcome, Read) else self._in_words_of_the_file(outcome)

    def _in_words_of_the_file(self, fault: Fault) -> Fault:
        """A path of the record is named by the column that fills it, where one does."""
        column = self._mapping.column_of(names_of(fault.column)) if fault.column else None
        return Fault(fault.row, column or fault.column, fault.reason, fault.hint)
