"""The size of an event is told without writing it, and never too small."""

import re
from typing import Any

import msgspec
import pytest
from msgspec import inspect

from producers.encoding import MAX_EVENT_BYTES, bounded, bundled_encoder, most_bytes
from producers.fields import bare, fields_of, is_record
from producers.readers.outcome import Fault, Outcome, Read, Reason
from schemas.records import SafetyEvent
from schemas.records.parts import Narrative
from schemas.taxonomy import NarrativeKind
from tests.support.builders import safety_event

ENCODE = bundled_encoder()
WIDEST = "\U0001f691"
"""Four bytes, as many as a character can take."""


def largest(found: inspect.Type, entries: int) -> Any:
    """The largest value of a type, as JSON types; lists of so many entries."""
    if isinstance(found, inspect.Metadata):
        return largest(found.type, entries)
    if isinstance(found, inspect.UnionType):
        return largest(bare(found), entries)
    if isinstance(found, inspect.VarTupleType):
        return [largest(found.item_type, entries)] * min(entries, found.max_length or entries)
    if is_record(found):
        return {name: largest(field.type, entries) for name, field in fields_of(found).items()}
    if isinstance(found, inspect.EnumType):
        return next(iter(found.cls))
    if isinstance(found, inspect.StrType):
        return _text(found)
    return {inspect.IntType: 130, inspect.BoolType: True}[type(found)]


def _text(found: inspect.StrType) -> str:
    if found.pattern:  # identifiers, dates and times: ASCII
        written = ("2024-05-16T21:40:00.123456Z", "2024-05-16", "21:40")
        return next(text for text in written if re.search(found.pattern, text))
    return WIDEST * min(found.max_length or 0, 200)


@pytest.mark.parametrize("entries", [0, 1, 3, 10, 100])
def test_no_event_is_larger_than_it_is_taken_for(entries: int) -> None:
    event = msgspec.convert(largest(inspect.type_info(SafetyEvent), entries), SafetyEvent)
    assert len(ENCODE(event)) <= most_bytes(event)


@pytest.mark.parametrize(("letters", "fits"), [(200_000, True), (MAX_EVENT_BYTES // 5, False)])
def test_an_event_is_refused_by_its_size_and_not_by_what_it_is_taken_for(letters: int, fits: bool) -> None:
    words = tuple(Narrative(NarrativeKind.DESCRIPTION, "x" * letters) for _ in range(5))
    read = Read(7, safety_event(narratives=words))
    (found,) = list[Outcome](bounded([read], ENCODE))
    assert most_bytes(read.event) > MAX_EVENT_BYTES
    assert found == read if fits else isinstance(found, Fault) and (found.row, found.reason) == (7, Reason.TOO_LARGE)
