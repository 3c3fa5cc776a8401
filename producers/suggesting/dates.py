"""The date formats of a column, and whether its cells prove the order of day and month.

Only a number above 12 proves it. Where none stands in the column, the file could be read both ways: then a person says.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

_CLOCK = (
    r"(?:(?P<gap>[ T]|, )(?P<clock>\d{1,2}:\d\d)(?P<seconds>:\d\d)?(?P<fraction>\.\d{1,6})?"
    r"(?P<half> ?[AaPp][Mm])?(?P<zone>Z|[+-]\d\d:?\d\d)?)?"
)
_NUMBERS = re.compile(r"(?P<a>\d{1,4})(?P<sign>[./-])(?P<b>\d{1,2})(?P=sign)(?P<c>\d{2}(?:\d\d)?)" + _CLOCK)
_COMPACT = re.compile(r"(?P<year>(?:19|20)\d\d)(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_NAMED = re.compile(r"(?:\d{1,2}(?P<sign>[ -])[A-Za-z]{3}(?P=sign)\d{4}|(?P<month>[A-Za-z]{3}) \d{1,2}, \d{4})" + _CLOCK)
_TIME = re.compile(r"\d{1,2}:\d\d(?P<seconds>:\d\d)?(?P<half> ?[AaPp][Mm])?")
_COMPACT_TIME = re.compile(r"(?:[01]\d|2[0-3])[0-5]\d")
_MIDNIGHT = {"0:00", "00:00", "12:00"}
_MONTHS = 12


@dataclass(slots=True)
class Dates:
    """What the cells of a column say about its dates. Formats are counted, the most frequent first."""

    share: float = 0.0
    formats: list[str] = field(default_factory=list)
    clocks: list[str] = field(default_factory=list)
    """The formats that hold a time of day, unless every one is midnight."""
    alternatives: list[str] = field(default_factory=list)
    """The formats of the other order, where no cell decides between them."""
    proof: str = ""
    two_digit_years: bool = False


@dataclass(slots=True)
class _Shape:
    cells: int = 0
    highest: list[int] = field(default_factory=lambda: [0, 0])
    timed: bool = False


def dates_of(cells: Iterable[str]) -> Dates:
    """The formats of non-empty cells."""
    shapes: dict[tuple[str, ...], _Shape] = {}
    total = 0
    for text, count in Counter(cells).items():
        total += count
        if key := _shape(text):
            shape = shapes.setdefault(key, _Shape())
            shape.cells += count
            _note(shape, text)
    found = Dates(share=sum(shape.cells for shape in shapes.values()) / total if total else 0.0)
    orders = _Orders(shapes)
    for key, shape in sorted(shapes.items(), key=lambda item: (-item[1].cells, item[0])):
        _add(found, key, shape, orders)
    return found


def time_formats(cells: Iterable[str]) -> tuple[float, list[str]]:
    """The share of non-empty cells that are a time of day, and how they are written."""
    counts: Counter[str] = Counter()
    total = 0
    for text in cells:
        total += 1
        if found := _TIME.fullmatch(text):
            counts[_clock_format(found["seconds"], "", found["half"])] += 1
        elif _COMPACT_TIME.fullmatch(text):
            counts["%H%M"] += 1
    return (counts.total() / total if total else 0.0), [form for form, _ in counts.most_common()]


class _Orders:
    """Day and month of shapes whose two first numbers could be either, decided over all shapes with the same sign."""

    def __init__(self, shapes: dict[tuple[str, ...], _Shape]) -> None:
        self._above: dict[str, list[int]] = {}
        for key, shape in shapes.items():
            if key[0] == "numbers":
                above = self._above.setdefault(key[1], [0, 0])
                above[:] = [max(pair) for pair in zip(above, shape.highest, strict=True)]

    def of(self, sign: str) -> str:
        """`day`, `month` (which one stands first), `mixed`, or nothing where no number is above 12."""
        first, second = (number > _MONTHS for number in self._above[sign])
        return "mixed" if first and second else "day" if first else "month" if second else ""


def _shape(text: str) -> tuple[str, ...]:
    if found := _NUMBERS.fullmatch(text):
        clock = _clock(found)
        if len(found["a"]) == 4 and len(found["c"]) == 2:
            return ("iso", found["sign"], "", clock)
        return ("numbers", found["sign"], "%Y" if len(found["c"]) == 4 else "%y", clock) if len(found["a"]) < 3 else ()
    if found := _NAMED.fullmatch(text):
        return ("named", "%b %d, %Y" if found["month"] else f"%d{found['sign']}%b{found['sign']}%Y", "", _clock(found))
    return ("compact", "", "", "") if _COMPACT.fullmatch(text) else ()


def _clock(found: re.Match[str]) -> str:
    if not found["clock"]:
        return ""
    return found["gap"] + _clock_format(found["seconds"], found["fraction"], found["half"]) + ("%z" if found["zone"] else "")


def _clock_format(seconds: str | None, fraction: str | None, half: str | None) -> str:
    hour = "%I:%M" if half else "%H:%M"
    noon = (" %p" if half.startswith(" ") else "%p") if half else ""
    return f"{hour}{':%S' if seconds else ''}{'.%f' if fraction else ''}{noon}"


def _note(shape: _Shape, text: str) -> None:
    if found := _NUMBERS.fullmatch(text):
        shape.highest = [max(shape.highest[0], int(found["a"])), max(shape.highest[1], int(found["b"]))]
    clock = re.search(r"\d{1,2}:\d\d", text)
    shape.timed = shape.timed or (clock is not None and clock[0] not in _MIDNIGHT)


def _add(found: Dates, key: tuple[str, ...], shape: _Shape, orders: _Orders) -> None:
    kind, sign, year, clock = key
    if kind == "numbers":
        day, month = f"%d{sign}%m{sign}{year}{clock}", f"%m{sign}%d{sign}{year}{clock}"
        order = orders.of(sign)
        found.two_digit_years = found.two_digit_years or year == "%y"
        form = month if order == "month" else day
        if order in ("", "mixed"):
            found.alternatives.append(month)
            found.proof = found.proof or ("two orders in one column" if order else "no number above 12")
        else:
            found.proof = found.proof or f"a number above 12 proves that the {order} stands first"
    else:
        form = {"iso": f"%Y{sign}%m{sign}%d{clock}", "named": f"{sign}{clock}", "compact": "%Y%m%d"}[kind]
        found.proof = found.proof or "written so that only one reading is possible"
    found.formats.append(form)
    if clock and shape.timed:
        found.clocks.append(form)
