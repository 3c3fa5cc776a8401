"""`python -m producers.workbook [SHEET]`: a workbook on standard input, its rows as JSON lines on standard output.

A process of its own, because the library that reads Excel holds a whole sheet, and two cells at opposite corners are enough
to make it ask for 400 GB: this process may ask for no more than MOST_MEMORY and then dies, and only the file is lost.
Each line is [row, [cell, ...]], rows counted as the spreadsheet shows them; a date is {"date": "2024-05-16"}, a moment
{"datetime": ...}, a time of day {"time": ...}. The last line is {"end": "done"}, or the code of what stood against it.
"""

import io
import resource
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

import msgspec
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, WorksheetNotFound

from producers.readers.zip_directory import refusal

MOST_BYTES = 64 << 20
"""Of the file itself."""
MOST_MEMORY = 192 << 20
"""Beyond what the interpreter maps when it starts."""
_MOST_SECONDS = 300
_ZIP = b"PK\x03\x04"
_MIDNIGHT = datetime(1899, 12, 31)  # noqa: DTZ001 - a duration has no zone


def main() -> None:
    """Reads, writes, and says how it ended."""
    _limit_itself()
    out = sys.stdout.buffer
    try:
        sheet = _sheet(sys.stdin.buffer.read(MOST_BYTES + 1), sys.argv[1] if len(sys.argv) > 1 else "")
        for row in _rows(sheet):
            out.write(msgspec.json.encode(row) + b"\n")
        end = "done"
    except _Refused as refused:
        end = str(refused)
    except WorksheetNotFound:
        end = "there is no sheet of this name"
    except PasswordError:
        end = "the workbook is encrypted: save it without a password"
    except CalamineError:
        end = "no workbook that can be read, or damaged: save it anew, or as CSV"
    except MemoryError:
        end = "the sheet takes more memory than is given to it: save it as CSV"
    out.write(msgspec.json.encode({"end": end}) + b"\n")
    out.flush()


class _Refused(Exception):
    pass


def _limit_itself() -> None:
    mapped = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (mapped + MOST_MEMORY, mapped + MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_MOST_SECONDS, _MOST_SECONDS))


def _sheet(data: bytes, name: str) -> CalamineSheet:
    if len(data) > MOST_BYTES:
        raise _Refused(f"a workbook of more than {MOST_BYTES} bytes: save the sheet as CSV")
    if data.startswith(_ZIP) and (why := refusal(io.BytesIO(data))):
        raise _Refused(why)
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return workbook.get_sheet_by_name(name) if name else workbook.get_sheet_by_index(0)


def _rows(sheet: CalamineSheet) -> Iterator[tuple[int, list[object]]]:
    if sheet.start is None:
        return
    for number, cells in enumerate(sheet.iter_rows(), 1):
        yield number, [_cell(cell) for cell in cells]


def _cell(value: object) -> object:
    match value:
        case bool():
            return "TRUE" if value else "FALSE"
        case datetime():
            return {"datetime": value.isoformat()}
        case date():
            return {"date": value.isoformat()}
        case time():
            return {"time": value.isoformat()}
        case timedelta() if timedelta() <= value < timedelta(days=1):
            return {"time": (_MIDNIGHT + value).time().isoformat()}
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
    return str(value)


if __name__ == "__main__":
    main()
