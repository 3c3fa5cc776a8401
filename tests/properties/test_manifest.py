"""A manifest counts what was removed, and has no room for anything else."""

import re
from collections import Counter
from enum import StrEnum
from typing import Any, get_args, get_origin, get_type_hints

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.catalogue import bundled
from schemas.codec import Codec
from schemas.grades import Grade
from schemas.records import AnonymizedEvent, NonidentifiedEvent, Record
from schemas.records.manifest import Manifest, RemovedSpans
from schemas.records.parts import Narrative
from schemas.redaction import IdentifierType, Layer
from schemas.taxonomy import NarrativeKind, NarrativeRelease
from stream_processors.domain.deidentification.anonymized import anonymize
from stream_processors.domain.deidentification.nonidentified import nonidentify
from stream_processors.domain.deidentification.patterns import KINDS, PLACEHOLDER
from stream_processors.domain.deidentification.spans import Span, merged
from stream_processors.domain.deidentification.tagging import full_engine
from stream_processors.domain.rejection import Rejected
from tests.support.builders import classified, crowded_event

ENGINE = full_engine()
CODEC = Codec(bundled())
SENTENCES = (
    "Ms. Vandersloot (MRN 4471902) fell in room 612.",
    "Dr. Okonjo was called at 503-555-0122; Okonjo came at once.",
    "Seen by Beatrix Wollstonebury on 5/16/2024 at 21:40, a Thursday.",
    "Nurse Wollstonebury told Tobias, and wollstonebury signed.",
    "Mrs. Roe, 94, and a 96F were moved from Mercy Falls Regional Hospital.",
    "Heparin 5000 units ran at 12 mL per hour, SpO2 94 %.",
    "Write to b.quill@example.org or https://example.org/x, SSN 900-12-3456.",
    "The daughter, Ingeborg Raskolnik of Ostrander, OR 97998, was informed.",
)
narratives = st.lists(
    st.lists(st.one_of(st.sampled_from(SENTENCES), st.text(max_size=20)), max_size=6).map(" ".join), min_size=1, max_size=3
)
both = pytest.mark.parametrize("grade", [Grade.P1, Grade.P2])


def disclosed(texts: list[str], grade: Grade) -> AnonymizedEvent | NonidentifiedEvent | None:
    """None where it was quarantined: then there is no output that could carry a manifest."""
    event = crowded_event(narratives=tuple(Narrative(NarrativeKind.DESCRIPTION, text) for text in texts))
    record = classified(event, narrative_release=NarrativeRelease.NONIDENTIFIED)
    try:
        return (anonymize if grade is Grade.P1 else nonidentify)(record, "sur-1", "sur-2", ENGINE)
    except Rejected:
        return None


def placeholders(record: AnonymizedEvent | NonidentifiedEvent) -> Counter[str]:
    found = [match[0] for narrative in record.narratives for match in PLACEHOLDER.finditer(narrative.text)]
    return Counter(re.sub(r"[\[\]\d-]", "", placeholder).lower() for placeholder in found)


@both
@settings(max_examples=150, deadline=None)
@given(narratives)
def test_as_many_parts_are_counted_of_each_type_as_placeholders_of_it_are_left(grade: Grade, texts: list[str]) -> None:
    record = disclosed(texts, grade)
    if record is None:
        return
    assert record.manifest is not None
    assert {str(one.type): one.spans for one in record.manifest.removed} == placeholders(record)
    assert record.manifest.engine == ENGINE.version.id
    for one in record.manifest.removed:
        assert [found.layer for found in one.found_by] == sorted((found.layer for found in one.found_by), key=list(Layer).index)
        assert all(0 < found.spans <= one.spans for found in one.found_by)
        assert (sum(found.spans for found in one.found_by) >= one.spans) if grade is Grade.P1 else not one.found_by


@settings(max_examples=100, deadline=None)
@given(narratives)
def test_the_manifest_of_p2_follows_from_the_version_and_the_words_that_left(texts: list[str]) -> None:
    record = disclosed(texts, Grade.P2)
    if record is None:
        return
    told = tuple(RemovedSpans(IdentifierType(kind), count) for kind, count in sorted(placeholders(record).items()))
    assert record.manifest == msgspec.structs.replace(ENGINE.manifest, removed=told)


@both
@settings(max_examples=50, deadline=None)
@given(narratives)
def test_the_same_record_and_version_give_the_same_bytes(grade: Grade, texts: list[str]) -> None:
    first, second = disclosed(texts, grade), disclosed(texts, grade)
    assert (first and CODEC.encode(first)) == (second and CODEC.encode(second))


@settings(max_examples=200)
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 6), st.integers(1, 63)), max_size=12))
def test_a_span_keeps_every_layer_that_found_a_part_of_it(drawn: list[tuple[int, int, int]]) -> None:
    spans = [Span(start, start + length, "NAME", "n", bits) for start, length, bits in drawn]
    for whole in merged("x" * 40, spans):
        inside = [span.layers for span in spans if whole.start <= span.start and span.end <= whole.end]
        bits = 0
        for layers in inside:
            bits |= layers
        assert whole.layers == bits


def test_a_name_that_two_layers_found_counts_for_both_and_where_it_stands_again_for_the_third() -> None:
    record = disclosed(["Ms. Vandersloot fell. Seen by Beatrix Wollstonebury. Later wollstonebury signed."], Grade.P1)
    assert record is not None
    assert record.manifest is not None
    (names,) = (one for one in record.manifest.removed if one.type is IdentifierType.NAME)
    found = {one.layer: one.spans for one in names.found_by}
    assert names.spans == 3
    assert found[Layer.RECORD] == 1, "the patient's name stands in the record"
    assert found[Layer.PROPAGATION] == 1, "in lower case, where nothing around it tells that it is a name"
    assert found[Layer.TAGGER] >= 1


def leaves(kind: type[Record]) -> list[tuple[str, Any]]:
    """The fields that hold values, with what they may hold."""
    found: list[tuple[str, Any]] = []
    for name, hint in get_type_hints(kind).items():
        inner = get_args(hint)[0] if get_origin(hint) is tuple else hint
        found += leaves(inner) if isinstance(inner, type) and issubclass(inner, Record) else [(name, inner)]
    return found


def test_a_manifest_holds_numbers_words_of_closed_lists_and_hashes() -> None:
    hashes = {"engine", "code", "lexicon", "model", "policy", "combinations"}
    for name, kind in leaves(Manifest):
        assert name in hashes or kind in (int, bool) or issubclass(kind, StrEnum), name


@settings(max_examples=300)
@given(
    st.sampled_from(["engine", "code", "lexicon", "model", "policy", "combinations", "type", "layer", "spans"]),
    st.text(max_size=80),
)
def test_no_field_of_a_manifest_takes_a_text(field: str, text: str) -> None:
    given: dict[str, Any] = msgspec.to_builtins(ENGINE.manifest)
    given["removed"] = [{"type": "name", "spans": 1, "found_by": [{"layer": "record", "spans": 1}]}]
    assert msgspec.convert(given, Manifest)
    (one,) = given["removed"]
    place = given if field in given else one if field in one else one["found_by"][0]
    place[field] = text
    try:
        msgspec.convert(given, Manifest)
    except msgspec.ValidationError:
        return
    assert re.fullmatch("[0-9a-f]{16}|[0-9a-f]{64}", text) or text in {*IdentifierType, *Layer}


def test_no_kind_of_placeholder_is_without_a_type() -> None:
    assert {kind.lower() for kind in KINDS} == {str(one) for one in IdentifierType} - {"other"}
