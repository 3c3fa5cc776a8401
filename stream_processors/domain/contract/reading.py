"""A document from its TOML text. All faults are said at once, each with the place where it stands."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import msgspec

from schemas.topics import DEAD
from stream_processors.domain.contract.checking import faults
from stream_processors.domain.contract.document import ArrangementDocument
from stream_processors.domain.faults import Fault, Faulty

_FIELDS = {field.encode_name: field for field in msgspec.structs.fields(ArrangementDocument)}


class InvalidDocument(Faulty):
    """The text is no document that could be carried out."""


def parse_document(text: str) -> ArrangementDocument:
    """The document of a TOML text. Raises InvalidDocument. Whether it keeps to the law is for `compiled` to say."""
    try:
        tables: dict[str, Any] = _with_days_as_text(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise InvalidDocument([Fault("file", f"is no TOML: {error}")]) from None
    if found := list(_misread(tables)):
        raise InvalidDocument(found)
    document = msgspec.convert(tables, ArrangementDocument)
    if found := faults(document):
        raise InvalidDocument(found)
    return document


def _with_days_as_text(value: Any) -> Any:
    """TOML has dates of its own."""
    if isinstance(value, dict):
        return {name: _with_days_as_text(held) for name, held in value.items()}
    if isinstance(value, list):
        return [_with_days_as_text(held) for held in value]
    return value.isoformat() if isinstance(value, date) else value


def _misread(tables: Mapping[str, Any]) -> Iterator[Fault]:
    yield from (Fault(name, "is not known") for name in tables if name not in _FIELDS)
    for name, field in _FIELDS.items():
        if name in tables:
            yield from _fault_of(name, tables[name], field.type)
        elif field.required:
            yield Fault(name, "is missing")
    if str(tables.get("id", "")).endswith(DEAD):
        yield Fault("id", f"ends with {DEAD}: its entry topic would be the dead letters of another")


def _fault_of(name: str, value: Any, expected: Any) -> Iterator[Fault]:
    """The first fault of one table, with its path."""
    try:
        msgspec.convert(value, expected)
    except msgspec.ValidationError as error:
        reason, _, where = str(error).partition(" - at `$")
        yield Fault(f"{name}{where.rstrip('`')}", reason)
