"""Files of texts: lines to de-identify, and what became of them. A wrong line is told by its number, never by its words."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import click
import msgspec
from msgspec import Struct

from schemas.records.manifest import Manifest
from stream_processors.cli import exit_codes
from stream_processors.domain.deidentification.texts import LooseText, RedactedText

LONGEST_LINE = 64 << 20
"""Bytes. A line that is longer is refused with its number; nothing of it is read into memory."""

Line = TypeVar("Line")


class UnreadableLine(click.ClickException):
    """A line that is no text of the expected form: its number and the reason, never its content."""

    exit_code = exit_codes.FAILED


class Made(Struct, frozen=True, omit_defaults=True):
    """How the results of a file were made. Files of older versions say only how long it took."""

    seconds: float
    cpu_seconds: float | None = None
    grade: str | None = None
    known: bool | None = None
    """Whether the engine was given what the records know."""
    manifest: Manifest | None = None


class _Head(Struct, frozen=True):
    """The first line of a file of results."""

    meta: Made = msgspec.field(name="_meta")


class Results(Struct, frozen=True):
    """A file of results that was read back."""

    made: Made
    by_id: Mapping[str | int, RedactedText]


def texts_of(source: Path) -> Iterator[LooseText]:
    """The texts of a file. Raises UnreadableLine."""
    with source.open("rb") as file:
        for number, line in _numbered(file):
            yield _decoded(line, number, LooseText, "text")


def results_of(path: Path) -> Results:
    """The results of an earlier run. Raises UnreadableLine, also where two lines have one id."""
    found: dict[str | int, RedactedText] = {}
    made: Made | None = None
    with path.open("rb") as file:
        for number, line in _numbered(file):
            if made is None:
                made = _decoded(line, number, _Head, "first line of results").meta
                continue
            result = _decoded(line, number, RedactedText, "result")
            if result.id in found:
                raise UnreadableLine(f"line {number}: its id stands in an earlier line too")
            found[result.id] = result
    if made is None:
        raise UnreadableLine("line 1: no results: the file is empty")
    return Results(made, found)


def write_results(target: Path, made: Made, results: Iterable[RedactedText]) -> None:
    """The file of results: how they were made, then a line for each text."""
    encode = msgspec.json.encode
    with target.open("wb") as out:
        out.write(encode({"_meta": made}) + b"\n")
        for result in results:
            out.write(encode(result) + b"\n")


def _decoded(line: bytes, number: int, kind: type[Line], what: str) -> Line:
    try:
        return msgspec.json.decode(line, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        path = _path(error)
    raise UnreadableLine(f"line {number}: no {what} of the expected form {path}".rstrip())


def _path(error: Exception) -> str:
    """The field in msgspec's words, which may quote a value before it."""
    _, found, path = str(error).rpartition(" - at `$")
    return path.rstrip("`").lstrip(".") if found else ""


def _numbered(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """The lines that are not empty."""
    number = 0
    while line := file.readline(LONGEST_LINE):
        number += 1
        if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
            raise UnreadableLine(f"line {number}: longer than {LONGEST_LINE} bytes")
        if line.strip():
            yield number, line


def described(manifest: Manifest | None) -> dict[str, Any] | None:
    """The version of a manifest without its counts."""
    return None if manifest is None else {part: getattr(manifest, part) for part in PARTS}


PARTS = ("engine", "code", "lexicon", "model", "policy")
