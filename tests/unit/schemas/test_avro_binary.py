"""Our own Avro writer and reader, byte by byte, with the examples of the Avro specification."""

from types import SimpleNamespace
from typing import Any

import pytest

from schemas.avro_reader import Malformed, compile_reader
from schemas.avro_writer import compile_writer
from tests.properties.evolving import array, enum, field, record

INNER = record("Inner", field("x", "long"))


def written(kind: Any, value: Any) -> bytes:
    out = bytearray()
    compile_writer(record("R", field("a", kind)))(out, SimpleNamespace(a=value))
    return bytes(out)


def read(kind: Any, octets: bytes) -> Any:
    datum, end = compile_reader(record("R", field("a", kind, default=isinstance(kind, list))))(octets, 0)
    assert end == len(octets)
    return datum.get("a")


VALUES: list[tuple[Any, Any, str, str]] = [
    ("long", 0, "00", "specification, table of zigzag"),
    ("long", -1, "01", "the same"),
    ("long", 1, "02", "the same"),
    ("long", -64, "7f", "the last of one byte"),
    ("long", 64, "80 01", "the first of two"),
    ("long", 4095, "fe 3f", "the last in the writer's table"),
    ("long", 4096, "80 40", "the first beyond it"),
    ("long", 2**63 - 1, "fe ff ff ff ff ff ff ff ff 01", "the greatest"),
    ("long", -(2**63), "ff ff ff ff ff ff ff ff ff 01", "the least"),
    ("string", "foo", "06 66 6f 6f", "specification, strings"),
    ("string", "é", "04 c3 a9", "a length counts bytes, not characters"),
    ("bytes", b"\x00\xff", "04 00 ff", "any bytes"),
    ("boolean", True, "01", "true"),
    ("boolean", False, "00", "false"),
    ("double", 1.0, "00 00 00 00 00 00 f0 3f", "little-endian IEEE 754"),
    (["null", "string"], None, "00", "specification, unions"),
    (["null", "string"], "a", "02 02 61", "specification, unions"),
    (enum("E", "A", "B", "C", "D"), "D", "06", "specification, enums"),
    (array("long"), [3, 27], "04 06 36 00", "specification, arrays"),
    (array("long"), [], "00", "no block at all"),
]


@pytest.mark.parametrize(("kind", "value", "octets", "remark"), VALUES, ids=[f"{r[2]} {r[3]}" for r in VALUES])
def test_a_value_is_written_and_read_as_the_specification_says(kind: Any, value: Any, octets: str, remark: str) -> None:
    assert written(kind, value) == bytes.fromhex(octets), remark
    assert read(kind, bytes.fromhex(octets)) == value, remark


def test_an_array_may_come_in_several_blocks_and_a_block_may_say_its_size() -> None:
    assert read(array("long"), bytes.fromhex("02 06 02 36 00")) == [3, 27]
    assert read(array("long"), bytes.fromhex("03 04 06 36 00")) == [3, 27]


def test_a_record_of_one_field_and_a_type_named_twice_are_compiled() -> None:
    schema = record("R", field("a", INNER), field("b", ["null", "org.pso_stream.v1.Inner"]))
    out = bytearray()
    one = SimpleNamespace(x=1)
    compile_writer(schema)(out, SimpleNamespace(a=one, b=one))
    assert bytes(out) == bytes.fromhex("02 02 02")
    assert compile_reader(schema)(bytes(out), 0) == ({"a": {"x": 1}, "b": {"x": 1}}, 3)


def test_a_null_is_left_out_where_a_default_gives_it_back_and_said_where_none_does() -> None:
    kind = ["null", "long"]
    with_default = compile_reader(record("R", field("a", kind, default=True)))
    without = compile_reader(record("R", field("a", kind)))
    assert (with_default(b"\0", 0)[0], without(b"\0", 0)[0]) == ({}, {"a": None})


BROKEN: list[tuple[Any, str, type[Exception], str]] = [
    ("long", "80", IndexError, "the bytes end inside a number"),
    ("long", "ff" * 11, Malformed, "a number without end"),
    ("long", "ff" * 9 + "02", Malformed, "65 bits"),
    ("string", "06 66 6f", Malformed, "a string longer than what is left"),
    ("string", "01", Malformed, "a negative length"),
    ("string", "02 ff", UnicodeDecodeError, "no UTF-8"),
    ("bytes", "06 00 00", Malformed, "bytes longer than what is left"),
    ("boolean", "02", Malformed, "neither true nor false"),
    (["null", "string"], "04 00", Malformed, "a third arm"),
    (["null", "string"], "01", Malformed, "an arm before the first"),
    (enum("E", "A"), "02", IndexError, "a symbol after the last"),
    (enum("E", "A", "B"), "01", Malformed, "a symbol before the first, which Python would take for the last"),
    (array("long"), "08 02 00", Malformed, "more items than bytes"),
]


@pytest.mark.parametrize(("kind", "octets", "error", "remark"), BROKEN, ids=[row[3] for row in BROKEN])
def test_what_breaks_the_encoding_is_refused(kind: Any, octets: str, error: type[Exception], remark: str) -> None:
    with pytest.raises(error):
        read(kind, bytes.fromhex(octets))


UNWRITABLE: list[tuple[Any, Any, str]] = [
    ("long", 2**63, "above 64 bits"),
    ("long", "1", "words for a number"),
    ("string", 1, "a number for words"),
    ("string", None, "nothing, where something must be"),
    ("string", "\ud800", "half a character"),
    (enum("E", "A"), "B", "no symbol"),
]


@pytest.mark.parametrize(("kind", "value", "remark"), UNWRITABLE, ids=[row[2] for row in UNWRITABLE])
def test_what_has_no_bytes_is_refused(kind: Any, value: Any, remark: str) -> None:
    with pytest.raises((AttributeError, KeyError, TypeError, ValueError)):
        written(kind, value)
