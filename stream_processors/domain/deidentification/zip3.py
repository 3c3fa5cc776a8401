"""The first three digits of a ZIP code where more than 20,000 people live behind them: 42 CFR 3.212(a)(2)(i)(B)."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from stream_processors.domain.deidentification.zip3_census import TABLE

MOST_RESTRICTED = 20_000
"""People. A unit of this many or fewer is not named: 45 CFR 164.514(b)(2)(i)(B)(1)-(2) says *more than* 20,000."""

UNNAMED = "000"
"""What stands for every unit that is not named, by 45 CFR 164.514(b)(2)(i)(B)(2)."""

ZIP_CODE = re.compile(r"(\d{3})\d{2}(?:-\d{4})?", re.ASCII)
"""Five digits, or nine with a dash. Nine in a row may be any number of somebody's."""


def populations() -> Mapping[str, int]:
    """People by prefix, 2020 census."""
    cells = (cell.split() for cell in TABLE.replace("\n", "|").split("|"))
    return MappingProxyType({cell[0]: int(cell[1]) for cell in cells if cell})


def allowed(people: Mapping[str, int]) -> frozenset[str]:
    """The prefixes of a census that may be named."""
    return frozenset(prefix for prefix, count in people.items() if count > MOST_RESTRICTED)


ALLOWED = allowed(populations())
"""The prefixes that may be named. An allow-list: a prefix that the census does not know (military 090) is not on it."""


def zip3(zip_code: str | None) -> str | None:
    """The prefix, `000` where it may not be named, None where the text is not exactly a ZIP code."""
    found = ZIP_CODE.fullmatch(zip_code) if zip_code else None
    if found is None:
        return None
    return found[1] if found[1] in ALLOWED else UNNAMED
