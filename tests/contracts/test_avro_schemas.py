"""The public schemas are what the record types say, complete, and may follow the last release."""

import json
from typing import Any

import avro.schema
import pytest

from schemas import rendering
from schemas.avsc import avro_schema, unprotected
from schemas.catalogue import bundled
from schemas.grades import Grade
from schemas.protection import Protection
from schemas.records import Record
from schemas.registry import canonical
from schemas.topics import INTERNAL

CATALOGUE = bundled()
ENTRIES = rendering.entries_of(rendering.HERE / "avro")
RECORDS = pytest.mark.parametrize("record", CATALOGUE.ids, ids=lambda r: r.__name__)
LEAVES_P0 = [topic.record for topic in INTERNAL if topic.grade is not Grade.P0]
NAMES_SOMEBODY = {Protection.PROVIDER, Protection.PATIENT, Protection.REPORTER}


def fields_of(schema: Any) -> list[dict[str, Any]]:
    """Every field of every record in a schema."""
    if isinstance(schema, list):
        return [field for arm in schema for field in fields_of(arm)]
    if not isinstance(schema, dict):
        return []
    own: list[dict[str, Any]] = schema.get("fields", [])
    return [*own, *(f for field in own for f in fields_of(field["type"])), *fields_of(schema.get("items"))]


@RECORDS
def test_the_file_of_a_record_is_what_its_type_renders_to(record: type[Record]) -> None:
    newest = max((e for e in ENTRIES if e["record"] == record.__name__), key=lambda e: e["version"])
    text = (rendering.HERE / "avro" / newest["file"]).read_text()
    assert text == rendering.text_of(avro_schema(record)), "run `make render`"


def test_every_file_is_in_the_catalogue_and_nothing_else_lies_there() -> None:
    lying = {path.name for path in (rendering.HERE / "avro").iterdir()}
    assert lying == {entry["file"] for entry in ENTRIES} | {rendering.CATALOGUE}


def test_ids_are_unique_and_versions_count_from_one_in_the_order_of_ids() -> None:
    assert len({entry["id"] for entry in ENTRIES}) == len(ENTRIES)
    for record in {entry["record"] for entry in ENTRIES}:
        versions = [e["version"] for e in sorted(ENTRIES, key=lambda e: int(e["id"])) if e["record"] == record]
        assert versions == list(range(1, len(versions) + 1)), record


def test_nothing_that_was_released_changed_in_a_way_that_breaks_a_reader() -> None:
    assert [f"{file}: {fault}" for file, fault in rendering.faults()] == []


def test_every_released_schema_is_still_there() -> None:
    released = rendering.entries_of(rendering.HERE / "released")
    assert released
    assert [entry for entry in released if entry not in ENTRIES] == []


@RECORDS
def test_every_field_has_a_doc_and_a_protection_class_or_holds_a_record_whose_fields_have(
    record: type[Record],
) -> None:
    assert unprotected(record) == []
    for field in fields_of(avro_schema(record)):
        if "protection" in field:
            assert field["doc"].endswith("."), field["name"]
            assert field["protection"] in set(Protection)


@pytest.mark.parametrize("record", LEAVES_P0, ids=lambda r: r.__name__)
def test_a_record_that_leaves_identified_use_has_no_field_that_names_somebody(record: type[Record]) -> None:
    classes = {field["name"]: field.get("protection") for field in fields_of(avro_schema(record))}
    assert classes
    assert [name for name, protection in classes.items() if protection in NAMES_SOMEBODY] == []


@pytest.mark.parametrize("number", CATALOGUE.readable, ids=str)
def test_the_reference_parser_takes_every_schema(number: int) -> None:
    parsed = avro.schema.parse(json.dumps(CATALOGUE.schema(number)))
    assert parsed.fullname.startswith("org.pso_stream.v1.")
    assert canonical(CATALOGUE.schema(number))


@RECORDS
def test_a_default_is_of_the_first_arm_of_its_union(record: type[Record]) -> None:
    # Avro's rule; and our reader leaves a null out only where null is what the default gives back
    for field in fields_of(avro_schema(record)):
        if isinstance(field["type"], list):
            assert field["type"][0] == "null"
            assert field.get("default") is None
