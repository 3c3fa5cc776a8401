"""Writes the table of people by the first three digits of the ZIP code from the 2020 census by ZIP code tabulation area.

python -m deploy.models.zip3, where phileas-redact is installed (Apache-2.0; the data are of the Census Bureau, public domain)
"""

import csv
import hashlib
from collections import Counter
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

PACKAGE = "phileas-redact"
TARGET = Path(__file__).parents[2] / "stream_processors" / "domain" / "deidentification" / "zip3_census.py"
_PER_LINE = 9

_MODULE = '''"""People by the first three digits of the ZIP code, 2020 census. Written by deploy/models/zip3.py; do not edit."""

SOURCE = "{source}"
SHA256 = "{sha256}"
"""Of the source file."""
AREAS = {areas:_}
"""ZIP code tabulation areas in it."""
TABLE = """
{table}
"""
"""Prefix and people, sorted. What is not here is no unit of the census, whatever the post office delivers there."""
'''


def source_file() -> Path:
    """The census file inside the installed package. Raises FileNotFoundError where the package is not installed."""
    found = find_spec("phileas")
    if found is None or not found.submodule_search_locations:
        raise FileNotFoundError(PACKAGE)
    return Path(next(iter(found.submodule_search_locations))) / "resources" / "zip-code-population.csv"


def areas(text: str) -> dict[str, int]:
    """People by five-digit area. Raises ValueError where a line is none."""
    rows = csv.reader(line for line in text.splitlines() if not line.startswith("#"))
    return {area: int(people) for area, people in rows}


def prefixes(people: dict[str, int]) -> Counter[str]:
    """People by the first three digits."""
    found: Counter[str] = Counter()
    for area, count in people.items():
        if len(area) != 5 or not area.isdigit():
            raise ValueError("an area is not five digits")
        found[area[:3]] += count
    return found


def module(octets: bytes) -> str:
    """The text of the module that ships."""
    people = areas(octets.decode("ascii"))
    cells = [f"{prefix} {count:>7}" for prefix, count in sorted(prefixes(people).items())]
    lines = (" | ".join(cells[start : start + _PER_LINE]) for start in range(0, len(cells), _PER_LINE))
    return _MODULE.format(
        source=f"2020 census, DHC P1 by ZCTA5, as carried by {PACKAGE} {version(PACKAGE)}",
        sha256=hashlib.sha256(octets).hexdigest(),
        areas=len(people),
        table="\n".join(lines),
    )


def main() -> None:
    """Write the module."""
    text = module(source_file().read_bytes())
    TARGET.write_text(text)
    print(f"{TARGET.name}: {len(text)} characters")


if __name__ == "__main__":
    main()
