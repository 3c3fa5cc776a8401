"""Loose texts with what is known about their event: offsets in the reader's own text, and nothing doubtful released."""

import json
import unicodedata
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from schemas.grades import Grade
from schemas.records.parts import Narrative
from schemas.taxonomy import NarrativeKind
from stream_processors.cli.deidentify import deidentify
from stream_processors.domain.deidentification.engine import LONGEST, NarrativeEngine, PlainLayers, Verdict
from stream_processors.domain.deidentification.offsets import normalised_with_offsets
from stream_processors.domain.deidentification.spans import Span
from stream_processors.domain.deidentification.texts import (
    FoundSpan,
    KnownPatient,
    KnownRecord,
    LooseText,
    answers,
    redacted,
)
from stream_processors.domain.deidentification.words import normalised
from tests.support.builders import crowded_event

ENGINE = NarrativeEngine()
KNOWN = KnownRecord(patient=KnownPatient(given="Ann", family="Vandersloot", mrn="4471902"))


def test_a_known_name_goes_and_the_span_says_where_it_stood() -> None:
    text = "Seen: Vandersloot, stable."
    result = redacted(LooseText("1", text, KNOWN), Grade.P2, ENGINE)
    assert (result.text, result.spans) == ("Seen: [NAME-1], stable.", (FoundSpan(6, 17, "NAME"),))


def test_spans_are_told_in_the_original_even_where_normalisation_changes_its_length() -> None:
    text = "\u200bSeen: \ufb01ne. Vanders\u00adloot left."  # a ligature becomes two letters, two invisible ones vanish
    (span,) = redacted(LooseText("1", text, KNOWN), Grade.P2, ENGINE).spans
    assert text[span.start : span.end] == "Vanders\u00adloot"


def test_without_the_record_only_shapes_are_found() -> None:
    text = "Vandersloot, SSN 900-12-3456"
    result = redacted(LooseText("1", text, KNOWN), Grade.P2, ENGINE, use_known=False)
    assert [text[s.start : s.end] for s in result.spans] == ["900-12-3456"]


def test_a_tagger_adds_names_that_no_field_knows() -> None:
    engine = NarrativeEngine(
        PlainLayers(lambda text, _grade: [Span(text.index("Quill"), text.index("Quill") + 5, "NAME", "quill")])
    )
    assert redacted(LooseText("1", "Quill saw it."), Grade.P2, engine).text == "[NAME-1] saw it."


def explode(_text: str, _grade: Grade) -> list[Span]:
    raise ValueError("Vandersloot")


def test_a_layer_that_raises_withholds_the_text_and_says_nothing_of_it() -> None:
    result = redacted(LooseText("1", "Vandersloot fell."), Grade.P2, NarrativeEngine(PlainLayers(explode)))
    assert (result.verdict, result.text, result.quarantined) == (Verdict.QUARANTINE, "", True)


def test_a_text_that_is_too_long_is_withheld_at_once() -> None:
    assert redacted(LooseText("1", "a " * LONGEST), Grade.P2, ENGINE).quarantined


@given(st.text(max_size=60))
def test_offsets_cover_the_normalised_text_or_are_not_told(text: str) -> None:
    found = normalised_with_offsets(text)
    if found is None:
        return
    assert found.text == normalised(text)
    assert all(0 <= start < end <= len(text) for start, end in zip(found.starts, found.ends, strict=True))
    assert list(found.starts) == sorted(found.starts)


@given(st.text(alphabet=st.characters(max_codepoint=0x24F), max_size=60))
def test_offsets_are_told_for_every_composed_text_of_the_western_alphabets(text: str) -> None:
    assert normalised_with_offsets(unicodedata.normalize("NFC", text)) is not None


@given(st.text(alphabet=st.characters(max_codepoint=0x2FFF), max_size=40))
def test_offsets_are_the_same_where_each_character_stands_for_itself_and_where_they_are_told_one_by_one(text: str) -> None:
    at_once, one_by_one = normalised_with_offsets(text), normalised_with_offsets(f"{text}\u00ad")
    if at_once is None or one_by_one is None:
        assert at_once is one_by_one
        return
    assert at_once.text == one_by_one.text
    assert [*at_once.starts] == [*one_by_one.starts]
    assert [*at_once.ends] == [*one_by_one.ends]


def test_every_narrative_of_a_stored_event_is_a_text_of_its_own_with_one_numbering_of_names() -> None:
    texts = ("Seen: Vandersloot.", "Okonjo told Vandersloot.", "No harm.")
    event = crowded_event(narratives=tuple(Narrative(NarrativeKind.DESCRIPTION, text) for text in texts))
    found = answers(event, "accepted:0:7", Grade.P2, ENGINE)
    assert [one.text.id for one in found] == ["accepted:0:7/0", "accepted:0:7/1", "accepted:0:7/2"]
    assert [one.text.text for one in found] == ["Seen: [NAME-1].", "[NAME-2] told [NAME-1].", "No harm."]
    assert [sum(kind.spans for kind in one.removed()) for one in found] == [1, 2, 0]
    assert answers(event, "accepted:0:7", Grade.P2, ENGINE, use_known=False)[0].text.text == texts[0]


def run(tmp_path: Path, lines: list[str], *words: str) -> tuple[int, str, list[dict[str, object]]]:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text("\n".join(lines) + "\n")
    done = CliRunner().invoke(deidentify, [*words, str(source), str(target)], standalone_mode=False)
    if done.exception:
        return 1, str(done.exception), []
    return 0, done.output, [json.loads(line) for line in target.read_text().splitlines()]


def test_the_command_writes_its_time_and_a_verdict_for_every_line(tmp_path: Path) -> None:
    lines = [
        json.dumps({"id": 7, "text": "Ann Vandersloot fell on 3/4/2024.", "known": {"patient": {"family": "Vandersloot"}}})
    ]
    _, _, (meta, result) = run(tmp_path, lines, "--grade", "nonidentifiable")
    assert set(meta) == {"_meta"}
    assert (result["id"], result["verdict"]) == (7, "release")
    assert "Vandersloot" not in str(result["text"])


def test_dates_stay_in_an_anonymized_text(tmp_path: Path) -> None:
    lines = [json.dumps({"id": "a", "text": "Fell on 3/4/2024."})]
    _, _, (_, result) = run(tmp_path, lines, "--grade", "anonymized")
    assert result["text"] == "Fell on 3/4/2024."


@pytest.mark.parametrize(
    ("line", "remark"),
    [('{"id": 1, "text": 5}', "no text"), ("{", "no JSON"), ('{"text": "Vandersloot"}', "no id"), ("\xff", "no UTF-8")],
)
def test_a_line_that_is_no_text_is_told_by_its_number_and_never_by_its_words(tmp_path: Path, line: str, remark: str) -> None:
    code, told, _ = run(tmp_path, ['{"id": 1, "text": "fine"}', line], "--grade", "anonymized")
    assert (code, "line 2" in told, "Vandersloot" in told) == (1, True, False), remark
