"""An event of a test arrangement takes the whole way, says everywhere what it is, and is in no count: whatever it holds."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from schemas import topics
from schemas.records import ClassifiedEvent
from schemas.taxonomy import Action, NarrativeRelease
from stream_processors.domain.aggregation import Counts, contributions, fold
from stream_processors.domain.deidentification.anonymized import anonymize
from stream_processors.domain.deidentification.nonidentified import nonidentify
from stream_processors.processors.contribute import CONTRIBUTE
from stream_processors.shapes import Given
from tests.support.marked_events import marked_event

seeds = st.integers(0, 2**32).map(Random)
actions = st.sampled_from(Action)


def event_of(random: Random, action: Action, test: bool) -> ClassifiedEvent:
    found = marked_event(random)
    acceptance = replace(found.acceptance, test=test, narrative_release=NarrativeRelease.NONE)
    return replace(found, event=replace(found.event, action=action), acceptance=acceptance)


@settings(max_examples=60, deadline=None)
@given(seeds, actions)
def test_a_test_event_contributes_nothing_and_any_other_exactly_once(random: Random, action: Action) -> None:
    given_ = Given(topics.EVENTS_CLASSIFIED)
    assert list(CONTRIBUTE.function(event_of(random, action, test=True), given_)) == []
    assert len(list(CONTRIBUTE.function(event_of(random, action, test=False), given_))) == 1


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(seeds, actions, st.booleans()), max_size=12))
def test_the_counts_of_a_stream_are_those_of_the_stream_without_its_test_events(
    stream: list[tuple[Random, Action, bool]],
) -> None:
    events = [event_of(*one) for one in stream]
    mixed, real = Counts(), Counts()
    fold(mixed, [record for event in events for record in contributions(event)])
    fold(real, [record for event in events if not event.acceptance.test for record in contributions(event)])
    assert {(t.key, t.contributor, t.count) for t in mixed.tallies()} == {
        (t.key, t.contributor, t.count) for t in real.tallies()
    }
    assert len(mixed) == len(real)


@pytest.mark.parametrize("test", [True, False])
@settings(max_examples=30, deadline=None)
@given(seeds, actions)
def test_both_lawful_outputs_say_whether_the_event_is_invented(test: bool, random: Random, action: Action) -> None:
    event = event_of(random, action, test)
    assert [anonymize(event, "e", "c").test, nonidentify(event, "e", "c").test] == [test, test]
