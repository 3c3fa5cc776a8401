"""A canary follows from its number and the seed, identifies nobody who lives, and says exactly what is planted where."""

import re
from collections import Counter
from itertools import pairwise

import pytest

from deploy.models.places import FRAMES
from schemas.catalogue import bundled
from schemas.codec import Codec
from schemas.taxonomy import NarrativeRelease, ProviderType
from stream_processors.domain.arrangements import Arrangement
from stream_processors.domain.canaries import material
from stream_processors.domain.canaries.canary import REPORTED_FROM, canary
from stream_processors.domain.canaries.figures import TERMS, TYPES, UNLABELLED
from stream_processors.domain.canaries.floors import ROUND
from stream_processors.domain.canaries.identity import event_id, number_of
from stream_processors.domain.canaries.labels import Planted
from stream_processors.domain.canaries.people import FORMS, ROLES
from stream_processors.domain.deidentification.words import normalised
from stream_processors.domain.validation import validate
from tests.support.canary_flow import SEED, canaries

SOME = canaries(600)
WORDS_ALIKE = 6
"""Words in a row that a frame may not share with what the tagger was trained on; a slot counts as one."""


def test_the_same_number_and_seed_give_the_same_canary_and_any_other_gives_another() -> None:
    assert canary(7, SEED, "prv-1") == canary(7, SEED, "prv-1")
    assert canary(7, SEED, "prv-1").event != canary(8, SEED, "prv-1").event
    assert canary(7, SEED, "prv-1").labels.text != canary(7, SEED + b"!", "prv-1").labels.text
    assert len({one.labels.text for one in SOME}) == len(SOME)


def test_an_event_id_says_nothing_and_gives_its_number_back_to_whoever_has_the_seed() -> None:
    numbers = [0, 1, 2, 1_790_000_000_000_000, 2**128 - 1]
    ids = [event_id(number, SEED) for number in numbers]
    assert [number_of(one, SEED) for one in ids] == numbers
    assert all(re.fullmatch(r"[0-9a-f]{32}", one) for one in ids)
    assert number_of(ids[1], SEED + b"!") != 1
    assert sum(a == b for a, b in zip(ids[0], ids[1], strict=True)) < 12, "neighbours look alike"


@pytest.mark.parametrize("wrong", ["", "evt-1", "z" * 32, "a" * 33])
def test_what_is_no_event_id_of_a_canary_is_said_so(wrong: str) -> None:
    with pytest.raises(ValueError):
        number_of(wrong, SEED)


def test_labels_lie_inside_the_narrative_in_order_and_never_over_each_other() -> None:
    for _, (text, identifiers, terms) in SOME:
        stretches = sorted([(one.start, one.end) for one in identifiers] + [(one.start, one.end) for one in terms])
        assert all(0 <= start < end <= len(text) for start, end in stretches)
        assert all(end <= start for (_, end), (start, _) in pairwise(stretches))
        assert all(any(letter.isalnum() for letter in text[start:end]) for start, end in stretches)


def test_a_round_holds_at_least_twenty_of_every_type() -> None:
    planted = Counter(label.type for one in SOME[:ROUND] for label in one.labels.identifiers)
    assert {type_: planted[type_] for type_ in Planted if planted[type_] < 20} == {}


def test_the_narrative_is_what_the_flow_reads_so_that_it_can_be_compared_by_character() -> None:
    for event, labels in SOME:
        assert event.narratives[0].text == labels.text == normalised(labels.text)
        assert "[" not in labels.text
        assert "{" not in labels.text
        assert "<" not in labels.text


def test_a_canary_is_a_whole_event_that_a_test_arrangement_accepts_and_kafka_takes() -> None:
    arrangement = Arrangement(
        "arr-c",
        "prv-canary",
        ProviderType.HOSPITAL,
        1,
        REPORTED_FROM,
        narrative_release=NarrativeRelease.NONIDENTIFIED,
        test=True,
    )
    codec = Codec(bundled())
    for event, _ in SOME:
        assert validate(event, arrangement).acceptance.test
        assert codec.decode(codec.encode(event), type(event)) == event
        assert event.pses_entered_at is not None


def test_no_number_or_address_can_be_anybodys() -> None:
    for _, (text, identifiers, _) in SOME:
        for start, end, type_ in identifiers:
            planted = text[start:end].lower()
            if type_ is Planted.PHONE:
                assert re.search(r"555[ .-]?01\d\d$", planted), "555-0100 to 555-0199 are kept for fiction"
            if type_ in (Planted.EMAIL, Planted.URL):
                assert re.search(r"\bexample\.(org|com|net)\b", planted), "RFC 2606"
            if type_ is Planted.SSN:
                assert planted.startswith("9"), "no social security number begins so"
            if type_ is Planted.IP:
                assert planted.startswith(("10.", "192.168.", "172.16.")), "RFC 1918"


def test_every_slot_of_a_frame_is_known_and_every_type_has_one() -> None:
    slots = {
        (found[0], found[1])
        for text in (*(frame.text for frame in material.frames()), *material.tails())
        for found in re.findall(r"\{(\w+)(?::(\w+))?\}", text)
    }
    assert {slot for slot, _ in slots} == {*ROLES, *TERMS, *UNLABELLED, *TYPES}
    assert {form for _, form in slots if form} == set(FORMS)
    assert {*TYPES.values(), *(type_ for type_, _ in FORMS.values())} == set(Planted)


def test_there_are_at_least_sixty_frames_and_none_is_there_twice() -> None:
    texts = [frame.text for frame in material.frames()]
    assert len(set(texts)) == len(texts) >= 60


def windows(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\{\}|[a-z']+", re.sub(r"\{[\w:]+\}|%\w+%", "{}", text).lower())
    return {tuple(words[at : at + WORDS_ALIKE]) for at in range(len(words) - WORDS_ALIKE + 1)}


def test_no_frame_is_known_to_what_trained_the_tagger() -> None:
    trained = {window for path in FRAMES.glob("*.txt") for line in path.read_text().splitlines() for window in windows(line)}
    own = {window for text in (*(frame.text for frame in material.frames()), *material.tails()) for window in windows(text)}
    assert len(trained) > 1_000
    assert own & trained == set()
