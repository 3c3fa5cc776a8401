"""Reads narratives as JSON lines, one bad line after the other named by number and reason, never by content."""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, TypeVar

import msgspec

from schemas.taxonomy import Category, Harm, ReportType

LONGEST_LINE = 64 << 20
"""Bytes. Of a line that is longer nothing more is read."""


class Reported(msgspec.Struct, frozen=True):
    """What the reporter coded, where it is known."""

    report_type: ReportType | None = None
    categories: tuple[Category, ...] = ()
    harm: Harm | None = None


class Loose(msgspec.Struct, frozen=True):
    """A narrative to be classified."""

    id: str | int
    text: str
    setting: str | None = None
    reported: Reported | None = None


class LabelledText(msgspec.Struct, frozen=True):
    """A narrative with the codes that people settled on; a code that is left out is not learned and not judged."""

    id: str | int
    text: str
    report_type: ReportType | None = None
    categories: tuple[Category, ...] | None = None
    harm: Harm | None = None
    provider: str | None = None
    """Whose it is, by any name that stays the same: never printed."""
    ambiguous: bool = False
    """People could not agree: silence is right."""


Shape = TypeVar("Shape", Loose, LabelledText)


def read(source: Path, shape: type[Shape]) -> tuple[list[Shape], list[str]]:
    """The good lines in order, and a sentence for each bad one."""
    decoder = msgspec.json.Decoder(shape)
    good: list[Shape] = []
    bad: list[str] = []
    with source.open("rb") as file:
        for number, line in enumerate(_bounded(file), 1):
            if not line.strip():
                continue
            try:
                good.append(decoder.decode(line))
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                bad.append(f"line {number}: {_place(error)}")
    return good, bad


def _place(error: Exception) -> str:
    """Which field, never which value."""
    _, mark, after = str(error).rpartition(" - at `$")
    field = after.rstrip("`").lstrip(".") if mark else ""
    if "missing required field" in str(error):
        return str(error).partition(" - at ")[0].lower()
    return f"{field} is not as expected" if field else "no JSON object of the expected form"


def _bounded(file: BinaryIO) -> Iterator[bytes]:
    while line := file.readline(LONGEST_LINE):
        yield line
        while len(line) == LONGEST_LINE and not line.endswith(b"\n"):
            line = file.readline(LONGEST_LINE)
