"""Every example is a valid record, travels through both Avro libraries, and identifies nobody who lives."""

import json
import re
import struct
from pathlib import Path

import msgspec
import pytest

from schemas.avro_writer import compile_writer
from schemas.catalogue import bundled
from schemas.codec import Codec
from tests.contracts.example_files import EXAMPLES, FOLDER, entry_of, record_in
from tests.properties.avro_libraries import LIBRARIES, Library
from tests.properties.strategies import plain

CATALOGUE = bundled()
CODEC = Codec(CATALOGUE)
each = pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: f"{p.parent.name}/{p.stem}")


def test_every_schema_of_the_catalogue_has_at_least_two_examples_and_every_file_is_one() -> None:
    counted = dict.fromkeys(CATALOGUE.readable, 0)
    for path in EXAMPLES:
        assert path.suffix == ".json", path
        counted[entry_of(path)["id"]] += 1
    assert min(counted.values()) >= 2
    assert not [path for path in FOLDER.rglob("*") if path.is_file() and path not in EXAMPLES]


@each
def test_an_example_is_valid_and_survives_encoding(path: Path) -> None:
    record = record_in(path)
    assert CODEC.decode(CODEC.encode(record), type(record)) == record


@each
@pytest.mark.parametrize("library", LIBRARIES.values(), ids=LIBRARIES.keys())
def test_both_avro_libraries_write_and_read_an_example_as_we_do(path: Path, library: Library) -> None:
    record, number = record_in(path), entry_of(path)["id"]
    schema = CATALOGUE.schema(number)
    if CATALOGUE.ids[type(record)] == number:
        octets = CODEC.encode(record)[5:]
        assert library.write(schema, plain(record)) == octets
        assert library.read(schema, octets) == plain(record)
    else:  # an older version is read and no longer written
        out = bytearray(struct.pack(">bI", 0, number))
        compile_writer(schema)(out, record)
        assert CODEC.decode(bytes(out), type(record)) == record
        assert msgspec.convert(library.read(schema, bytes(out[5:])), type(record)) == record


@each
def test_an_example_says_only_what_is_not_the_default(path: Path) -> None:
    # so that a person sees the case, and so that defaults are really used by what reads the examples
    said = json.loads(path.read_text())
    assert not [name for name, value in said.items() if value is None or value == []]


@each
def test_every_identifier_in_an_example_is_an_impossible_one(path: Path) -> None:
    text = path.read_text()
    for phone in re.findall(r"\b\d{3}[)\s.-]{1,2}\d{3}[\s.-]\d{4}\b", text):
        assert re.search(r"555.01\d\d$", phone), "555-0100 to 555-0199 are kept for fiction"
    for number in re.findall(r"\b\d{3}-\d{2}-\d{4}\b", text):
        assert number[:3] == "000" or number[0] == "9", "no social security number begins so"
    for host in re.findall(r"@([\w.-]+)", text):
        assert host.rstrip(".") == "example.org", "RFC 2606"


def test_the_examples_show_every_action_and_report_type_and_an_age_on_either_side_of_89() -> None:
    events = [record_in(path) for path in EXAMPLES if path.parent.name == "safety_event.v1"]
    assert {str(event.action) for event in events} == {"report", "correct", "withdraw"}
    assert {str(event.report_type) for event in events} == {"incident", "near_miss", "unsafe_condition"}
    ages = [event.patient.age_years for event in events if event.patient and event.patient.age_years is not None]
    assert min(ages) == 0
    assert max(ages) > 89
