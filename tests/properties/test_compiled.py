"""The narrative engine in C gives the same answers as the one in Python, which asks the patterns of the whole text."""

import time
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.grades import Grade
from stream_processors.domain.deidentification import layers, tagging
from stream_processors.domain.deidentification.compiled import loader
from stream_processors.domain.deidentification.compiled.loader import NAMES
from stream_processors.domain.deidentification.engine import LONGEST, NarrativeEngine, Verdict
from stream_processors.domain.deidentification.known import Known
from stream_processors.domain.deidentification.spellings import Collector, Subject
from stream_processors.domain.deidentification.texts import (
    KnownFacility,
    KnownPatient,
    KnownPerson,
    KnownRecord,
    LooseText,
    known_of,
    redacted,
)
from stream_processors.domain.deidentification.words import folded, normalised
from tests.benchmarks.deid.incident_corpus import incident_texts
from tests.properties.conftest import Both
from tests.properties.test_shapes import EVERY_CHARACTER, found_by_patterns, text_of

GRADES = (Grade.P1, Grade.P2)
NAMES_IN_TEXTS = ("Quist", "QUIST", "o'dell", "Bellweather", "Núñez", "Łukasz", "Straße", "Odile", "O\u0301dile")
MORE = (
    "Quist, 94, fell", "94F", "101 / M", "Quist (97)", "[NAME-1] 93", "5/16/2024 at 21:40", "9 pm on May 3", "Tue, 5/16",
    "room 12", "bed 3B", "bySmith", "Foley", "ICU",
    "\u2019\u2013", "\ufb01n", "\u212a", "e\u0301", "\u00ad", "\0", "½", "٣", "\U0001f600",
)  # fmt: skip


def narrative_of(seed: int) -> str:
    """A text of near-identifiers, names, and characters that fold or compose."""
    random = Random(seed)
    words = [
        random.choice((*NAMES_IN_TEXTS, *MORE, text_of(random.randrange(2**32))[:60])) for _ in range(random.randint(1, 9))
    ]
    return normalised(random.choice((" ", ", ", "\n", "")).join(words))


def record_of(text: str, seed: int) -> KnownRecord:
    """A record that shares words with the text."""
    random = Random(seed)
    words = text.split() or ["Quist"]

    def some(most: int = 1) -> str:
        return " ".join(random.choices(words, k=random.randint(1, most)))[:200]

    return KnownRecord(
        patient=KnownPatient(
            given=some(), family=some(2), mrn=some(2), phone=some(3), street=some(3), city=some(2), dob=some()
        ),
        facility=KnownFacility(name=some(4), abbrev=some()),
        reporter=KnownPerson(some(), some()),
        providers=(KnownPerson(some(), some()),),
    )


texts = st.one_of(st.integers(0, 2**32).map(narrative_of), st.text(max_size=60).map(normalised))


@settings(max_examples=1500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=texts)
def test_the_compiled_search_finds_what_the_patterns_find(both: Both, text: str) -> None:
    for grade in GRADES:
        assert [(place, (start, end)) for place, start, end in both.compiled.search.matches(text, grade)] == found_by_patterns(
            text, grade
        )


@settings(max_examples=1500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=texts)
def test_the_compiled_second_look_sees_every_single_match_without_the_others(both: Both, text: str) -> None:
    for grade in GRADES:
        found = found_by_patterns(text, grade)
        assert both.compiled.check.holds_shape(text, grade) is bool(found)
        for _, (start, end) in found:
            alone = text[max(0, start - 1) : end + 1]
            assert both.compiled.check.holds_shape(alone, grade) is bool(found_by_patterns(alone, grade)), alone


@settings(max_examples=800, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=texts, seed=st.integers(0, 2**32))
def test_both_ways_find_the_same_spans_and_doubt_the_same_results(both: Both, text: str, seed: int) -> None:
    record, random = record_of(text, seed), Random(seed)
    for grade in GRADES:
        known = known_of(record, grade)
        spans = both.plain.spans(text, known, grade)
        assert list(both.compiled.spans(text, known, grade)) == spans
        kept = [span for span in spans if random.random() < 0.7]  # a search that makes mistakes
        for chosen in (spans, kept):
            result = _replaced(text, chosen)
            assert both.compiled.are_in_doubt(result, known, grade) is both.plain.are_in_doubt(result, known, grade), result


def test_a_mark_that_the_compiled_search_passes_over_is_one_that_python_leaves_as_it_is(both: Both) -> None:
    written = [text for sealed in (False, True) for one in incident_texts(150, 9, sealed=sealed) for text in spoilt(one.text)]
    refined = 0
    for text in (normalised(text) for text in written):
        marked = both.tagger.marks(text)
        everything = both.refining.refined(text, marked, tagging.SORTS_BY_LABEL)
        assert both.compiled.marks(text, Grade.P2) == everything, text
        refined += everything != marked
    assert refined > 100


def spoilt(text: str) -> tuple[str, ...]:
    """A text as it is, in titles, in one case, without its stops, and with letters beyond ASCII."""
    return text, text.title(), text.upper(), text.replace(".", ""), text.replace("e", "é").replace(" ", "\n", 9)


def test_both_ways_say_which_layers_found_a_part(both: Both) -> None:
    text = (
        "Vandersloot fell. Dr. Okonjo came on 5/16/2024 at 21:40 to a 94F. It is okonjo who signed. "
        "Its code is 56616e646572736c6f6f74 now. Call 503-555-0122."
    )
    known = known_of(KnownRecord(patient=KnownPatient(family="Vandersloot", phone="503-555-0122")), Grade.P2)
    for engine in (NarrativeEngine(both.plain), NarrativeEngine(both.compiled)):
        spans = engine.redact(text, known, Grade.P2, {}).spans
        assert {text[span.start : span.end]: span.layers for span in spans} == {
            "Vandersloot": layers.RECORD | layers.TAGGER,
            "Okonjo": layers.SHAPES | layers.TAGGER,
            "5/16/2024": layers.SHAPES | layers.TAGGER,
            "21:40": layers.TIES,
            "94": layers.AGES,
            "okonjo": layers.PROPAGATION,
            "56616e646572736c6f6f74": layers.SHAPES | layers.TAGGER | layers.ENCODED,
            "503-555-0122": layers.RECORD | layers.SHAPES | layers.TAGGER,
        }


def _replaced(text: str, spans: Any) -> str:
    for span in reversed(spans):
        text = f"{text[: span.start]}[{span.kind}{'-1' if span.kind == 'NAME' else ''}]{text[span.end :]}"
    return text


def test_a_planted_identifier_of_the_record_is_always_doubted(both: Both) -> None:
    found = Collector()
    found.name(Subject("NAME", 1), "Łukasz", "Vandersloot")
    found.codes(Subject("ID"), "447-1902", "SN 99 881")
    known = Known(found.single, {"sn": [(("sn", "99", "881"), Subject("ID"))]}, found.numbers)
    for said in (
        "łukasz",
        "VANDERSLOOT.",
        "vandersloot_4",
        "4471902",
        "4-471902",
        "x4 4 7 1 9 0 2",
        "SN-99-881",
        "sn\u2014 99/881",
    ):
        assert both.plain.are_in_doubt(f"He said {said} to all.", known, Grade.P1), said
        assert both.compiled.are_in_doubt(f"He said {said} to all.", known, Grade.P1), said


def test_no_word_or_mark_with_which_a_shape_begins_is_unknown_to_the_compiled_ways(both: Both) -> None:
    for grade in GRADES:
        for seed in range(1500):
            text = text_of(seed)
            assert [(p, (s, e)) for p, s, e in both.compiled.search.matches(text, grade)] == found_by_patterns(text, grade), (
                text
            )


def test_a_character_is_folded_by_itself() -> None:
    """What both extensions rest on when they fold a text character by character."""
    wrong = [c for c in EVERY_CHARACTER if folded(f"é{c}a\u0301") != f"e{folded(c)}a" and not 0xD800 <= ord(c) < 0xE000]
    assert wrong == []


def test_half_of_the_extensions_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loader, "NAMES", (*NAMES[:1], "_missing"))
    assert loader.extensions() is None


UNITS = (
    "9",
    "1-",
    "a@",
    "Dr. ",
    "Smith Jones, MD ",
    "1:",
    "Mary (",
    "5/16/2024 Tuesday 9 pm ",
    "é",
    "in May ",
    "::",
    "vandersloot ",
    "www.",
)


@pytest.mark.parametrize("unit", UNITS)
def test_hostile_texts_cost_no_more_than_long_ones(both: Both, unit: str) -> None:
    engine = NarrativeEngine(both.compiled)
    text = (unit * LONGEST)[:LONGEST]
    record = KnownRecord(patient=KnownPatient(given="Philomena", family="Vandersloot", mrn="MR-4471902"))
    began = time.process_time()
    for grade in GRADES:
        redacted(LooseText("1", text, record), grade, engine)
    assert time.process_time() - began < 5.0, unit


@pytest.mark.parametrize("text", ["x" * 10_000_000, "word " * 100_000], ids=["10 MB", "100,000 words"])
def test_what_is_too_long_is_withheld_at_once(both: Both, text: str) -> None:
    began = time.process_time()
    result = redacted(LooseText("1", text), Grade.P2, NarrativeEngine(both.compiled))
    assert (result.verdict, result.text) == (Verdict.QUARANTINE, "")
    assert time.process_time() - began < 0.1
