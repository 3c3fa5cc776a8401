"""What msgspec says of an invalid field, as a reason, a path and a hint that hold no value of the source."""

import re

from producers.fields import allowed_at, close_to, known_below
from producers.readers.outcome import Reason

_NAMED = re.compile(r"`([^`]*)`")
_PATH = re.compile(r" - at `\$\.?([^`]*)`$")
_IDENTIFIER = "1 to 128 visible characters without blanks and '|'"
_FORMS = {  # by the beginning of the pattern in schemas.records.values: the hint must be readable by a nurse
    r"^[\\x21": _IDENTIFIER,
    r"^\\d{4}(-(0": "a date as YYYY-MM-DD, YYYY-MM or YYYY",
    r"^([01]": "a time as HH:MM",
    r"^\\d{4}-\\d\\d-": "an instant in UTC as YYYY-MM-DDTHH:MM:SSZ",
}


def explain(message: str) -> tuple[Reason, str, str]:
    """Reason, field path and hint of a msgspec.ValidationError's message, which itself may quote the value."""
    found = _PATH.search(message)
    path = path_of(message)
    if message.startswith("Object missing required field"):
        return Reason.MISSING, _joined(path, _NAMED.findall(message)[0]), "the field is required"
    if message.startswith("Object contains unknown field"):
        return Reason.UNKNOWN_FIELD, path, _alike(path, _NAMED.findall(message)[0])
    if allowed := allowed_at(path):
        return Reason.NOT_ALLOWED, path, "one of " + ", ".join(allowed)
    return Reason.INVALID, path, _expected(message[: found.start()] if found else message)


def path_of(message: str) -> str:
    """Where in a datum a message of msgspec points to."""
    found = _PATH.search(message)
    return found.group(1) if found else ""


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _alike(path: str, name: str) -> str:
    known = known_below(path)
    alike = close_to(name, known)
    return f"no such field here; is `{alike}` meant?" if alike else "no such field here; known are " + ", ".join(known)


def _expected(message: str) -> str:
    """msgspec's "Expected ..." holds only types and bounds; anything else is not repeated."""
    for start, form in _FORMS.items():
        if start in message:
            return form
    if message.startswith("Expected `"):
        return message[0].lower() + message[1:].replace("`", "")
    return "not a value that this field takes"
