"""Which values of a column may be shown to the person who makes a mapping.

A mapping must name the values of pick-lists, and no others. A value is shown when it is a word of our own tables, or when
a column most of whose rows were recognised as a pick-list holds it at least five times and it looks like no number, date
or address. Anybody can have typed a name into a pick-list with free entry: what stands there once or twice is counted,
never shown. Columns of people, places, dates, ids and words are not pick-lists and their values are never shown.
"""

import re
from collections.abc import Iterable

MIN_COUNT = 5
_LONGEST = 60
_TELLING = re.compile(r"@|\d{4}|\d[./-]\d|https?:")


def may_be_shown(value: str, count: int) -> bool:
    """Whether a value of a pick-list that our tables do not hold may be shown."""
    return count >= MIN_COUNT and len(value) <= _LONGEST and not _TELLING.search(value)


def shown_and_hidden(values: Iterable[tuple[str, int]]) -> tuple[list[tuple[str, int]], int, int]:
    """The values that may be shown with their counts, and how many others there are in how many rows."""
    shown, hidden, rows = [], 0, 0
    for value, count in values:
        if may_be_shown(value, count):
            shown.append((value, count))
        else:
            hidden, rows = hidden + 1, rows + count
    return shown, hidden, rows
