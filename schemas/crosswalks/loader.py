"""Reads the crosswalks that lie beside this file: one TOML table each, every row with its canonical codes."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from schemas.crosswalks.relation import Code, Crosswalk, Row
from schemas.taxonomy import Category, Harm


@cache
def harm_crosswalks() -> Mapping[str, Crosswalk[Harm]]:
    """Every harm scale by its name. Raises ValueError where a file is no crosswalk."""
    return _all("harm", Harm)


@cache
def category_crosswalks() -> Mapping[str, Crosswalk[Category]]:
    """Every list of event categories by its name. Raises ValueError where a file is no crosswalk."""
    return _all("category", Category)


def _all(folder: str, kind: type[Code]) -> Mapping[str, Crosswalk[Code]]:
    found = {one.name: one for one in _read(folder, kind)}
    return MappingProxyType(found)


def _read(folder: str, kind: type[Code]) -> Iterator[Crosswalk[Code]]:
    place = files(__package__).joinpath(folder)
    for name in sorted(entry.name for entry in place.iterdir() if entry.name.endswith(".toml")):
        try:
            yield parsed(place.joinpath(name).read_text(encoding="utf-8"), kind)
        except (KeyError, ValueError) as error:
            raise ValueError(f"{folder}/{name}: {error}") from None


def parsed(text: str, kind: type[Code]) -> Crosswalk[Code]:
    """The crosswalk of a TOML text. Raises KeyError or ValueError."""
    data: dict[str, Any] = tomllib.loads(text)
    rows: list[dict[str, Any]] = data.pop("row")
    return Crosswalk.of(data, (_row(row, kind) for row in rows))


def _row(row: Mapping[str, Any], kind: type[Code]) -> Row[Code]:
    return Row(
        value=str(row["value"]),
        label=str(row["label"]),
        codes=frozenset(kind(code) for code in row["codes"]),
        also=tuple(map(str, row.get("also", ()))),
        remark=str(row.get("remark", "")),
    )
