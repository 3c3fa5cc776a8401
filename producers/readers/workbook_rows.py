"""The rows that `producers.workbook` writes -> records of text cells; a typed date is written as its column declares it."""

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import IO, Any

import msgspec

from producers.mapping import Mapping
from producers.readers.csv_records import Record
from producers.readers.lines import MAX_LINE_BYTES, lines
from producers.readers.outcome import Fault, Reason

_DIED = "a damaged workbook, or one that takes more memory than is given to it: save the sheet as CSV"
_LONG = f"a row of more than {MAX_LINE_BYTES} bytes"
_OF_A_CLOCK = ("%H", "%I")
_OF_A_CALENDAR = ("%Y", "%d", "%m")


def workbook_records(stream: IO[bytes], mapping: Mapping | None) -> Iterator[Record]:
    """Every row that is not blank, numbered as the spreadsheet shows it. The last may be a fault of the whole file."""
    number, names = 0, list[str]()
    for line in lines(stream):
        number += 1
        if line.flaw:
            yield Record(number, [], Fault(number, "", Reason.TOO_LONG, _LONG))
            continue
        said = msgspec.json.decode(line.data)
        if isinstance(said, dict):
            if said["end"] != "done":
                yield _ended(number, said["end"])
            return
        number, values = said
        cells = [_text(value, _formats(names, place, mapping)) for place, value in enumerate(values)]
        if any(cells):
            names = names or cells
            yield Record(number, cells)
    yield _ended(number + 1, _DIED)


def _ended(number: int, hint: str) -> Record:
    return Record(number, [], Fault(number, "", Reason.UNREADABLE_WORKBOOK, hint))


def _formats(names: list[str], place: int, mapping: Mapping | None) -> tuple[str, ...]:
    """The formats that the mapping declares for the column at this place."""
    name = names[place].strip() if place < len(names) else ""
    return tuple(form for rule in (mapping.rules if mapping else ()) if rule.column == name for form in rule.formats)


def _text(value: Any, formats: tuple[str, ...]) -> str:
    """A cell as the same column holds it in a CSV; ISO 8601 where no format is declared."""
    if isinstance(value, str):
        return value
    ((kind, text),) = value.items()
    match kind:
        case "date":
            wanted = [form for form in formats if not _has(form, _OF_A_CLOCK)] or list(formats)
            return _written(date.fromisoformat(text), wanted, "%Y-%m-%d")
        case "datetime":
            wanted = [form for form in formats if _has(form, _OF_A_CLOCK)] or list(formats)
            return _written(datetime.fromisoformat(text), wanted, "%Y-%m-%d %H:%M")
    wanted = [form for form in formats if not _has(form, _OF_A_CALENDAR)]
    return _written(time.fromisoformat(text), wanted, "%H:%M")


def _has(form: str, marks: tuple[str, ...]) -> bool:
    return any(mark in form for mark in marks)


def _written(value: date | datetime | time, wanted: list[str], otherwise: str) -> str:
    return value.strftime(wanted[0] if wanted else otherwise)
