"""How a record type becomes an Avro schema."""

from enum import StrEnum
from typing import Annotated

import pytest

from schemas.avsc import avro_schema, unprotected
from schemas.protection import plain
from schemas.records import Record


class Closed(StrEnum):
    """An enum that names no fallback."""

    YES = "yes"
    NO = "no"


class Open(StrEnum):
    """An enum with one."""

    SEEN = "seen"
    UNKNOWN = "unknown"


class Part(Record, frozen=True):
    """A part."""

    size: Annotated[int, plain("How big.")]
    unclassed: str = ""


class Whole(Record, frozen=True):
    """A whole.

    Only the first line is its doc.
    """

    closed: Annotated[Closed, plain("Closed.")]
    open: Annotated[Open, plain("Open.")] = Open.UNKNOWN
    part: Part | None = None
    parts: Annotated[tuple[Part, ...], plain("More parts.")] = ()
    flag: Annotated[bool, plain("A flag.")] = False
    ratio: Annotated[float, plain("A ratio.")] = 0.5


SCHEMA = avro_schema(Whole)
FIELDS = {field["name"]: field for field in SCHEMA["fields"]}


def test_a_record_has_its_name_and_the_first_line_of_its_docstring() -> None:
    assert (SCHEMA["name"], SCHEMA["namespace"], SCHEMA["doc"]) == ("Whole", "org.pso_stream.v1", "A whole.")


def test_a_field_has_its_doc_its_protection_class_and_its_default() -> None:
    assert FIELDS["flag"] == {
        "name": "flag",
        "type": "boolean",
        "doc": "A flag.",
        "protection": "plain",
        "default": False,
    }


@pytest.mark.parametrize(("name", "default"), [("open", "unknown"), ("part", None), ("parts", []), ("ratio", 0.5)], ids=str)
def test_a_default_is_said_as_json(name: str, default: object) -> None:
    assert FIELDS[name]["default"] == default


def test_a_field_without_a_default_has_none() -> None:
    assert "default" not in FIELDS["closed"]


def test_an_enum_has_a_default_where_a_symbol_says_unknown_or_other_so_that_symbols_can_be_added() -> None:
    assert FIELDS["open"]["type"]["default"] == "unknown"
    assert "default" not in FIELDS["closed"]["type"]


def test_a_named_type_is_defined_once_and_then_named() -> None:
    null, part = FIELDS["part"]["type"]
    assert (null, part["name"]) == ("null", "Part")
    assert FIELDS["parts"]["type"] == {"type": "array", "items": "org.pso_stream.v1.Part"}


def test_a_field_without_a_protection_class_is_found_wherever_it_is() -> None:
    assert unprotected(Whole) == ["part.unclassed", "parts.unclassed"]
