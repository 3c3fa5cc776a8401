"""10,000 planted events through the real steps: nothing is found. And a scan of steps with one layer less finds something."""

import logging
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from schemas.grades import Grade
from schemas.records import ClassifiedEvent, SafetyEvent
from stream_processors.domain.deidentification import candidates, nonidentified, release, spans, verification
from stream_processors.domain.deidentification import engine as engine_module
from stream_processors.domain.deidentification.engine import NarrativeEngine, PlainLayers
from stream_processors.domain.deidentification.known import known_identifiers
from stream_processors.domain.deidentification.rules_applied import leaf_paths
from stream_processors.domain.deidentification.shape import Shape
from stream_processors.domain.deidentification.tagger import loader
from stream_processors.domain.deidentification.tagging import full_engine, plain_tagger
from stream_processors.runtime import dead_letters, step
from stream_processors.runtime.messages import Incoming, Outgoing
from tests.leak_scan.fields import EVENT_FIELDS
from tests.leak_scan.planting import planted_event
from tests.leak_scan.scan import CHUNK, Scan, Tally, arrangements_of
from tests.leak_scan.search import Patterns
from tests.support.builders import safety_event
from tests.support.encodings import ENCODINGS, searched_for

EVENTS, SEED = 10_000, 20_240_517
FEW = 3
"""Chunks after which a leak that one layer alone prevents must have been seen."""


@pytest.fixture(scope="module")
def engine() -> NarrativeEngine:
    return full_engine()


@pytest.fixture(scope="module")
def in_python() -> NarrativeEngine:
    """The layers that a test can weaken: those in C hold their patterns since they were built."""
    return NarrativeEngine(PlainLayers(plain_tagger(loader.load())))


def scanned(engine: NarrativeEngine, chunks: int, seed: int = SEED) -> Tally:
    scan = Scan(seed, engine)
    return sum((scan.chunk(number, CHUNK) for number in range(chunks)), start=Tally())


def test_no_planted_identifier_comes_out_of_the_disclosures_in_any_encoding(engine: NarrativeEngine) -> None:
    tally = scanned(engine, EVENTS // CHUNK)
    assert tally.found == []
    assert tally.events == EVENTS
    assert tally.plants > 50 * EVENTS
    assert tally.disclosed > 1.6 * EVENTS  # a scan of steps that let nothing out would find nothing either
    assert 0 < tally.quarantined < 0.3 * tally.disclosed
    assert tally.dead_letters > tally.quarantined


Weaken = Callable[[pytest.MonkeyPatch], None]


matches, dead_letter = candidates.matches, dead_letters.dead_letter


def _keep_the_state(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(nonidentified, "state", lambda text: text)


def _keep_the_factors(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(nonidentified, "known_factors", tuple)


def _look_for_no_email(patch: pytest.MonkeyPatch) -> None:
    def without(text: str, grade: Grade) -> list[tuple[Shape, Any]]:
        return [pair for pair in matches(text, grade) if pair[0].kind not in ("EMAIL", "URL")]

    patch.setattr(spans, "matches", without)


def _check_no_shape(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(verification, "holds_shape", lambda text, grade: False)


def _no_email_anywhere(patch: pytest.MonkeyPatch) -> None:
    _look_for_no_email(patch)
    _check_no_shape(patch)


def _decode_nothing(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(engine_module, "hidden_words", lambda text: [])
    patch.setattr(release, "holds_encoded", lambda text, known: False)


def _know_nothing(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(release, "known_identifiers", lambda _event, grade, _names: known_identifiers(_NOBODY, grade))


def _keep_the_trail(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(step.ProcessorRun, "keeps_trail", True)


def _say_the_key_in_a_dead_letter(patch: pytest.MonkeyPatch) -> None:
    def quoting(one: Incoming, name: str, reason: str, _path: str) -> Outgoing:
        return dead_letter(one, name, reason, (one.key or b"").decode())

    patch.setattr(step, "dead_letter", quoting)


def _log_the_words_of_a_fault(patch: pytest.MonkeyPatch) -> None:
    class Talkative:
        def error(self, *_words: object) -> None:
            logging.getLogger("pso.step").error("%s", sys.exc_info()[1])

    patch.setattr(step, "LOG", Talkative())


def _count_by_path_and_key(patch: pytest.MonkeyPatch) -> None:
    bury = step.ProcessorRun._bury

    def talkative(run: Any, outcome: Any, incoming: Any, reason: str, path: str) -> None:
        bury(run, outcome, incoming, reason, path)
        outcome.reasons[-1] += f" {incoming.key}"

    patch.setattr(step.ProcessorRun, "_bury", talkative)


_NOBODY = safety_event(event_id="-", provider="-")
WEAK: tuple[tuple[Weaken, str], ...] = (
    (_keep_the_state, "in pso-events-nonidentified"),
    (_keep_the_factors, "in pso-events-nonidentified"),
    (_no_email_anywhere, "in pso-events-anonymized"),
    (_decode_nothing, "in pso-events-nonidentified"),
    (_know_nothing, "in pso-events-anonymized"),
    (_keep_the_trail, "acceptance.arrangement"),
    (_say_the_key_in_a_dead_letter, "in what dead letter"),
    (_log_the_words_of_a_fault, "in the log"),
    (_count_by_path_and_key, "in the metrics"),
)


@pytest.mark.parametrize(("weaken", "where"), WEAK, ids=lambda value: getattr(value, "__name__", ""))
def test_a_scan_of_steps_with_a_layer_less_finds_it(
    in_python: NarrativeEngine, weaken: Weaken, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    weaken(monkeypatch)
    found = scanned(in_python, FEW).found
    assert any(where in leak for leak in found), found[:3]


@pytest.mark.parametrize("weaken", [_look_for_no_email, _check_no_shape], ids=lambda value: value.__name__)
def test_where_one_path_misses_a_shape_the_other_withholds_the_record(
    in_python: NarrativeEngine, weaken: Weaken, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = scanned(in_python, FEW)
    weaken(monkeypatch)
    after = scanned(in_python, FEW)
    narratives_only = [leak for leak in after.found if "narratives[]" in leak]
    assert narratives_only == []
    if weaken is _look_for_no_email:  # labels have no search, only the check
        assert after.found == []
        assert after.quarantined > before.quarantined


def test_every_text_of_every_record_type_is_planted() -> None:
    arrangement = arrangements_of(Random(1)).of(arrangements_of(Random(1)).entries[0])
    planted = {plant.path for seed in range(60) for plant in planted_event(Random(seed), arrangement)[1]}
    texts = {field.path for fields in EVENT_FIELDS.values() for field in fields if _is_text(field)}
    assert texts <= planted
    assert {path for path in leaf_paths(ClassifiedEvent) if path.startswith("event.")} >= texts
    assert len(texts) > 55
    assert SafetyEvent in EVENT_FIELDS


def _is_text(field: Any) -> bool:
    return field.record is None and type(field.kind).__name__ == "StrType"


def test_the_same_seed_and_chunk_give_the_same_scan(engine: NarrativeEngine) -> None:
    first, second = (replace(Scan(5, engine).chunk(7, 40), scanned_bytes=0) for _ in range(2))
    assert first == second


def forms_by_hand(token: str) -> Iterator[tuple[str, str]]:
    for name, encoding in ENCODINGS.items():
        yield name, f"..{encoding(token)}.."


@pytest.mark.parametrize("token", ["Fifuverivu", "AC98718871", "9871887112", "prv-bcdfghkmn"])
def test_the_search_finds_a_token_in_each_of_the_six_encodings(token: str) -> None:
    patterns = Patterns((form, 7) for form in searched_for(token))
    written = {name: text for name, text in forms_by_hand(token) if not name.startswith(("hex ", "quoted", "char", "escapes"))}
    for name, text in written.items():
        haystack = text.lower().encode()
        found = {number for _, number in patterns.found_in(haystack)}
        assert found == {7}, name
    assert list(patterns.found_in(b"nothing of the kind is here")) == []


def test_the_search_finds_what_a_plain_search_finds() -> None:
    random = Random(3)
    haystack = bytes(random.choices(b"abcd", k=3_000))
    patterns = [(haystack[at : at + random.randint(6, 12)], at) for at in random.sample(range(2_900), 200)]
    patterns += [(bytes(random.choices(b"abcd", k=9)), 10_000 + extra) for extra in range(200)]
    found = set(Patterns(patterns).found_in(haystack))
    wanted = {
        (place, number) for pattern, number in patterns for place in range(len(haystack)) if haystack.startswith(pattern, place)
    }
    assert found == wanted
