"""Invented names in P1: random, the same within an event, nobody's whom the event knows, and checked like every output."""

from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.records import AnonymizedEvent, ClassifiedEvent
from schemas.records.parts import Narrative
from schemas.records.people import Patient
from schemas.taxonomy import NarrativeKind, NarrativeNames, NarrativeRelease
from stream_processors.domain.deidentification import invented_names
from stream_processors.domain.deidentification.anonymized import anonymize
from stream_processors.domain.deidentification.invented_names import NoNameLeft, invented, surnames
from stream_processors.domain.deidentification.nonidentified import nonidentify
from stream_processors.domain.deidentification.words import folded
from stream_processors.domain.rejection import Reason, Rejected
from tests.support.builders import classified, crowded_event

TEXTS = ("Ms. Vandersloot fell. Dr. Raskolnik told Mr. Okonjo.", "Vandersloot was seen by RN Wollstone at 503-555-0143.")


def event(*texts: str) -> ClassifiedEvent:
    found = crowded_event(narratives=tuple(Narrative(NarrativeKind.DESCRIPTION, text) for text in texts))
    realistic = NarrativeNames.REALISTIC
    return classified(found, narrative_release=NarrativeRelease.NONIDENTIFIED, narrative_names=realistic)


def words(record: AnonymizedEvent) -> list[str]:
    return [one.text for one in record.narratives]


def test_a_name_stands_for_each_tag_the_same_for_one_person_in_all_narratives_of_an_event() -> None:
    tags, names = words(anonymize(event(*TEXTS), "e", "c")), words(anonymize(event(*TEXTS), "e", "c", names_seed="nms-1"))
    a, b, c, d = (one.rstrip(".") for one in (*[names[0].split()[at] for at in (1, 4, 7)], names[1].split()[5]))
    assert tags == ["Ms. [NAME-1] fell. Dr. [NAME-2] told Mr. [NAME-3].", "[NAME-1] was seen by RN [NAME-4] at [PHONE]."]
    assert names == [f"Ms. {a} fell. Dr. {b} told Mr. {c}.", f"{a} was seen by RN {d} at [PHONE]."]
    assert len({a, b, c, d}) == 4
    assert {a, b, c, d} <= set(surnames())


def test_the_same_seed_gives_the_same_names_and_another_others() -> None:
    told = [words(anonymize(event(*TEXTS), "e", "c", names_seed=seed)) for seed in ("nms-1", "nms-1", "nms-2")]
    assert told[0] == told[1] != told[2]


def test_names_follow_from_the_seed_alone_and_from_nothing_of_the_person() -> None:
    told = [words(anonymize(event(f"Ms. {name} fell."), "e", "c", names_seed="nms-1")) for name in ("Vandersloot", "Lee")]
    assert told[0] == told[1]


def test_the_manifest_says_that_names_are_invented() -> None:
    tagged, named = (anonymize(event(*TEXTS), "e", "c", names_seed=seed).manifest for seed in (None, "nms-1"))
    assert tagged is not None
    assert named is not None
    assert (tagged.realistic_names, named.realistic_names) == (False, True)
    assert tagged.removed == named.removed


def test_in_p2_names_are_tags_whatever_the_arrangement_says() -> None:
    record = nonidentify(event(*TEXTS), "e", "c")
    assert record.narratives[0].text.startswith("Ms. [NAME-1] fell.")
    assert record.manifest is not None
    assert not record.manifest.realistic_names


@settings(max_examples=50)
@given(st.uuids().map(str), st.integers(0, 5))
def test_no_name_of_the_record_or_of_its_texts_is_ever_invented(seed: str, at: int) -> None:
    taken = list(islice(invented(seed, lambda _name: False, []), at + 1))
    known, said = folded(taken[at]), [f"told {taken[0]}'s son"]
    drawn = list(islice(invented(seed, lambda name: folded(name) == known, said), 30))
    assert not {taken[at], taken[0]} & set(drawn)
    assert len(set(drawn)) == 30


def test_a_name_that_is_the_patients_is_passed_over() -> None:
    (first,) = islice(invented("nms-1", lambda _name: False, []), 1)
    found = event("Ms. Wollstone fell.")
    named_so = classified(
        crowded_event(patient=Patient(family=first), narratives=found.event.narratives),
        narrative_release=NarrativeRelease.NONIDENTIFIED,
    )
    (text,) = words(anonymize(named_so, "e", "c", names_seed="nms-1"))
    assert first not in text
    assert text.split()[1] in surnames()


def test_names_are_surnames_and_nothing_else_that_the_lexicon_knows() -> None:
    found = surnames()
    assert len(found) > 4_000
    assert not {"Smith", "Parker", "Miller", "Foley", "Jordan", "Moore", "Brown", "Rose"} & set(found)
    assert all(name.istitle() and 4 <= len(name) <= 9 and name.isalpha() for name in found)


def test_the_same_names_are_drawn_by_every_version() -> None:
    """A replay writes the bytes of the first run. They change with the lexicon, and then the manifest's hash does too."""
    found = surnames()
    assert (len(found), {len(name) for name in found}) == (6_382, set(range(4, 10)))
    assert list(islice(invented("nms-1", lambda _name: False, []), 3)) == ["Kilburn", "Eckstein", "Bopp"]


def test_where_no_name_is_left_the_record_is_quarantined(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NoNameLeft):
        next(invented("nms-1", lambda _name: True, []))
    monkeypatch.setattr(invented_names, "surnames", lambda: ("Vandersloot", "Raskolnik"))
    with pytest.raises(Rejected) as refused:
        anonymize(event("Ms. Wollstone fell."), "e", "c", names_seed="nms-1")
    assert (refused.value.reason, refused.value.path) == (Reason.QUARANTINED, "event.narratives[0].text")


def test_a_name_that_cannot_be_invented_for_a_fault_of_ours_quarantines_the_record(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invented_names, "surnames", lambda: ())
    monkeypatch.setattr(invented_names, "spelled", lambda _text: 1 / 0)
    with pytest.raises(Rejected) as refused:
        anonymize(event("Ms. Wollstone fell."), "e", "c", names_seed="nms-1")
    assert refused.value.reason is Reason.QUARANTINED
