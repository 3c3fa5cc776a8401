"""JSON lines -> events: one canonical SafetyEvent per line."""

from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec

from producers.readers.completion import complete
from producers.readers.lines import EXPANDS_TOO_FAR, MAX_LINE_BYTES, Line, lines
from producers.readers.outcome import Fault, Origin, Outcome, Reason

_FLAWS = {
    Reason.TOO_LONG: f"a line holds at most {MAX_LINE_BYTES} bytes",
    Reason.DAMAGED_FILE: "the file ends or breaks here: get it again",
    Reason.EXPANDS_TOO_FAR: EXPANDS_TOO_FAR,
}
_NUL_ESCAPED = b"\\u0000"


def read_json_lines(stream: BinaryIO, origin: Origin) -> Iterator[Outcome]:
    """Every line's event or fault; blank lines are passed over."""
    for line in lines(stream):
        if line.flaw:
            yield Fault(line.number, "", line.flaw, _FLAWS[line.flaw])
        elif line.data.strip():
            yield _outcome(line, origin)


def read_json_event(data: bytes, origin: Origin) -> Outcome:
    """The event or fault of one JSON object, which may be laid out over several lines."""
    if len(data) > MAX_LINE_BYTES:
        return Fault(1, "", Reason.TOO_LONG, f"an event holds at most {MAX_LINE_BYTES} bytes")
    return _outcome(Line(1, data), origin)


def _outcome(line: Line, origin: Origin) -> Outcome:
    try:
        datum = msgspec.json.decode(line.data)
    except UnicodeDecodeError:
        return Fault(line.number, "", Reason.BAD_UTF8, "the file must be UTF-8")
    except RecursionError:
        return Fault(line.number, "", Reason.TOO_DEEP, "brackets inside brackets without end")
    except msgspec.MsgspecError:
        return Fault(line.number, "", Reason.NOT_JSON, "one whole JSON object per line; NaN and Infinity are not JSON")
    if not isinstance(datum, dict):
        return Fault(line.number, "", Reason.NOT_JSON, "a JSON object, in braces")
    if _NUL_ESCAPED in line.data and _holds_nul(datum):
        return Fault(line.number, "", Reason.CONTROL_CHARACTER, "a NUL character (\\u0000): no database holds it")
    return complete(line.number, datum, origin, "jsonl")


def _holds_nul(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_holds_nul(key) or _holds_nul(inner) for key, inner in value.items())
    if isinstance(value, list):
        return any(_holds_nul(inner) for inner in value)
    return isinstance(value, str) and "\0" in value
