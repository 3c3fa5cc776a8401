"""The data files of the canaries: frames, names, terms. Read once; they ship with the package."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from schemas.taxonomy import Category


class Frame(NamedTuple):
    """An incident in words with slots, and the category of event it tells of."""

    category: Category
    text: str


@cache
def frames() -> tuple[Frame, ...]:
    """Every frame, in the order of the file. None of them is known to what trained the tagger."""
    lines = _read("frames.txt").splitlines()
    return tuple(Frame(Category(category), text) for category, text in (line.split("\t") for line in lines))


@cache
def tails() -> tuple[str, ...]:
    """Sentences that follow a frame, so that a small batch holds enough of every type."""
    return tuple(_read("tails.txt").splitlines())


@cache
def names() -> Mapping[str, Sequence[str]]:
    """Parts of invented names."""
    found: dict[str, Any] = tomllib.loads(_read("names.toml"))
    return found


@cache
def terms() -> Mapping[str, Sequence[str]]:
    """Clinical terms, places, and the forms of dates and numbers."""
    found: dict[str, Any] = tomllib.loads(_read("terms.toml"))
    return found


def _read(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
