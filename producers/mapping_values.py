"""A cell of a file -> a canonical value: value maps, declared date formats, numbers."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from itertools import combinations

from msgspec import inspect

from producers.readers.outcome import Reason

Value = str | int | bool
Convert = Callable[[str], Value]

_WHOLE_NUMBER = re.compile(r"[+-]?\d{1,18}")
_DAYS_REMEMBERED = 8192  # strptime takes longer than everything else that is done to a row
_DAY = ("%d", "%j", "%x", "%c")
_MONTH = ("%m", "%b", "%B")


class Unconvertible(Exception):
    """The cell has no canonical value. `hint` says what would, and never what stands there."""

    def __init__(self, reason: Reason, hint: str) -> None:
        super().__init__(f"{reason}: {hint}")
        self.reason = reason
        self.hint = hint
        self.position = 0
        """Which of the rows of one event it stands in."""


def as_is(text: str) -> Value:
    return text


def whole_number(text: str) -> Value:
    if not _WHOLE_NUMBER.fullmatch(text):
        raise Unconvertible(Reason.INVALID, "a whole number")
    return int(text)


def symbol_of(found: inspect.EnumType) -> Convert:
    """The cell must hold a canonical code itself."""
    symbols = {str(member) for member in found.cls}

    def convert(text: str) -> Value:
        if text not in symbols:
            raise Unconvertible(Reason.UNMAPPED, "give the mapping `values` for it, or write a canonical code")
        return text

    return convert


def mapped(values: Mapping[str, Value], *, ignore_case: bool) -> Convert:
    """The cell must hold one of the values that the mapping names."""
    known = {key.casefold(): value for key, value in values.items()} if ignore_case else dict(values)

    def convert(text: str) -> Value:
        try:
            return known[text.casefold() if ignore_case else text]
        except KeyError:
            raise Unconvertible(Reason.UNMAPPED, "the mapping's `values` do not name this value") from None

    return convert


def otherwise(convert: Convert, value: Value) -> Convert:
    """What has no canonical value becomes `value`."""

    def converted(text: str) -> Value:
        try:
            return convert(text)
        except Unconvertible:
            return value

    return converted


def moment(formats: tuple[str, ...], written: Callable[[datetime, str], str]) -> Convert:
    """The first of the declared formats that fits; no other is tried."""

    @lru_cache(_DAYS_REMEMBERED)
    def convert(text: str) -> Value:
        for form in formats:
            try:
                return written(datetime.strptime(text, form), form)  # noqa: DTZ007 - a zone only where declared
            except ValueError:
                continue
        raise Unconvertible(Reason.NO_SUCH_DATE, "written as " + " or ".join(formats))

    return convert


def as_date(found: datetime, form: str) -> str:
    """In the precision that the format has."""
    if any(mark in form for mark in _DAY):
        return f"{found:%Y-%m-%d}"
    return f"{found:%Y-%m}" if any(mark in form for mark in _MONTH) else f"{found:%Y}"


def as_time(found: datetime, _form: str) -> str:
    return f"{found:%H:%M}"


def as_instant(found: datetime, _form: str) -> str:
    return f"{found.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z"


def wrong_format(form: str, *, needs: tuple[str, ...], of_birth: bool = False) -> str:
    """Why a format cannot be used; empty when it can. `needs`: marks, alternatives with '|' between.

    Years of two digits are read as 1969 to 2068. Every event is of these, and people may be older.
    """
    if of_birth and "%y" in form:
        return "a year of two digits leaves the century of a birth to guessing: have the system export four (%Y)"
    long_years = form.replace("%y", "%Y")
    if missing := [marks for marks in needs if not any(mark in long_years for mark in marks.split("|"))]:
        return "must contain " + " and ".join(marks.replace("|", " or ") for marks in missing)
    if "%I" in form and "%p" not in form:
        return "an hour of the half day (%I) needs %p"
    try:
        datetime.strptime(datetime(2001, 2, 3, 4, 5, 6, tzinfo=UTC).strftime(form), form)  # noqa: DTZ007
    except ValueError:
        return "is no format that a date can be read by"
    return ""


def ambiguous(formats: tuple[str, ...]) -> tuple[str, str] | None:
    """Two formats of which the first reads what the second wrote as another date: 03/04/2024 is March or April."""
    written = datetime(2001, 2, 3, 4, 5, 6, tzinfo=UTC)
    for first, second in combinations(formats, 2):
        try:
            found = datetime.strptime(written.strftime(second), first)  # noqa: DTZ007 - only its day is looked at
        except ValueError:
            continue
        if found.date() != written.date():
            return first, second
    return None
