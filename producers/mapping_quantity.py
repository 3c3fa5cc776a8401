"""Numbers as a provider writes them: its decimal mark, and its units.

The mark is declared and never guessed: `1.000` is one thousand in Germany and one in the United States.
"""

import re
from collections.abc import Mapping
from decimal import Decimal

from producers.mapping_values import Convert, Unconvertible, Value
from producers.readers.outcome import Reason

_MARKS = {",": ".", ".": ","}
"""The mark that groups thousands where the other one begins the decimals."""


def whole_quantity(decimal: str, units: Mapping[str, int]) -> Convert:
    """A number with or without one of the units -> whole ones, rounded down: with `mo = 12`, 30 mo are 2 years."""
    shape = _shape(decimal)
    sizes = {unit.casefold(): size for unit, size in units.items()}

    def convert(text: str) -> Value:
        found = shape.fullmatch(text)
        size = sizes.get(found["unit"].casefold()) if found and found["unit"] else 1
        if found is None or size is None:
            raise Unconvertible(Reason.INVALID, "a number, and behind it nothing but one of the mapping's `units`")
        return int(Decimal(_plain(found["number"], decimal)) // size)

    return convert


def quantity(decimal: str, units: Mapping[str, int]) -> Convert:
    """A text whose number gets a decimal point; one of the units behind it is left out. Other texts stay as they are."""
    shape = _shape(decimal)
    known = {unit.casefold() for unit in units}

    def convert(text: str) -> Value:
        found = shape.fullmatch(text)
        if found is None:
            return text
        unit = found["unit"] or ""
        unit = "" if unit.casefold() in known else unit
        return f"{_plain(found['number'], decimal)} {unit}".rstrip()

    return convert


def _shape(decimal: str) -> re.Pattern[str]:
    """A number with grouped thousands or none, and what stands behind it."""
    mark, thousands = re.escape(decimal), re.escape(_MARKS[decimal])
    return re.compile(
        rf"(?P<number>(?:\d{{1,3}}(?:{thousands}\d{{3}})+|\d{{1,12}})(?:{mark}\d{{1,6}})?)\s*(?P<unit>[^\d\s].*)?"
    )


def _plain(number: str, decimal: str) -> str:
    return number.replace(_MARKS[decimal], "").replace(decimal, ".")
