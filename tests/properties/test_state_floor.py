"""42 U.S.C. 299b-22(g): whatever a State or territory says, it never lets out more than the law and the contract alone."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from schemas.grades import Grade
from schemas.restrictions import DatePrecision, Passing
from schemas.taxonomy import NarrativeRelease
from stream_processors.domain.contract.checking import widenings
from stream_processors.domain.contract.compiling import (
    SINGLE_EVENTS,
    WidensTheLaw,
    compiled,
    recipients,
    restriction_in,
    suppression,
)
from stream_processors.domain.contract.document import (
    ArrangementDocument,
    Disclosure,
    Narratives,
    Recipient,
    StateLaw,
    Suppression,
)
from stream_processors.domain.contract.event_fields import WITHHOLDABLE
from stream_processors.domain.contract.federal import FEDERAL, HOUSE, STATE_FLOOR, finer
from stream_processors.domain.deidentification.states import STATES
from tests.support.documents import wide

disclosure = st.builds(
    Disclosure,
    grade=st.sampled_from(Grade),
    recipients=st.frozensets(st.sampled_from(Recipient), min_size=1, max_size=4),
    dates=st.none() | st.sampled_from(DatePrecision),
    withheld=st.lists(st.sampled_from(sorted(WITHHOLDABLE)), max_size=3).map(tuple),
)
lawful_disclosure = st.sampled_from([Grade.P1, Grade.P2]).flatmap(
    lambda grade: st.builds(
        Disclosure,
        grade=st.just(grade),
        recipients=st.frozensets(st.sampled_from(sorted(FEDERAL[grade].recipients)), min_size=1),
        dates=st.none() | st.sampled_from([d for d in DatePrecision if not finer(d, FEDERAL[grade].dates or d)]),
        withheld=st.lists(st.sampled_from(sorted(WITHHOLDABLE)), max_size=3).map(tuple),
    )
)


def state_law(state: str, disclosures: st.SearchStrategy[Any]) -> st.SearchStrategy[StateLaw]:
    return st.builds(
        StateLaw,
        state=st.just(state),
        cite=st.just("an act"),
        disclosures=st.lists(disclosures, max_size=3, unique_by=lambda one: one.grade).map(tuple),
        narratives=st.none() | st.builds(Narratives, release=st.sampled_from(NarrativeRelease), redacted=st.booleans()),
        suppression=st.none() | st.builds(Suppression, threshold=st.integers(1, 40), contributors=st.integers(1, 9)),
    )


def test_there_are_fifty_states_the_district_and_five_territories() -> None:
    assert len(STATES) == 56


def refuses_or_is_within(law: StateLaw, document: ArrangementDocument) -> None:
    """The document with the State's law is refused with the paragraph, or lets out no more than without it."""
    with_state = structs.replace(document, state_law=(law,))
    if found := widenings(with_state):
        assert all(STATE_FLOOR in fault.reason for fault in found)
        with pytest.raises(WidensTheLaw):
            compiled(with_state)
        return
    policy = compiled(with_state)
    floor = compiled(document)
    order = tuple(NarrativeRelease)
    assert order.index(policy.narrative_release) <= order.index(floor.narrative_release)
    assert suppression(with_state) >= suppression(document)
    assert all(a >= b for a, b in zip(suppression(with_state), (HOUSE.threshold, HOUSE.contributors), strict=True))
    for grade in SINGLE_EVENTS:
        assert recipients(with_state, grade) <= recipients(document, grade) <= FEDERAL[grade].recipients
        after, before = restriction_in(with_state, grade), restriction_in(document, grade)
        assert after.passes is Passing.NOTHING or before.passes is Passing.EVENT
        assert not finer(after.dates, before.dates)
        assert set(after.withheld) >= set(before.withheld)


@pytest.mark.parametrize("state", sorted(STATES))
@settings(max_examples=6, deadline=None)
@given(st.data())
def test_no_document_of_a_state_lowers_the_federal_floor(state: str, data: st.DataObject) -> None:
    refuses_or_is_within(data.draw(state_law(state, disclosure)), wide())


@pytest.mark.parametrize("state", sorted(STATES))
@settings(max_examples=6, deadline=None)
@given(st.data())
def test_a_state_that_protects_more_is_obeyed_and_never_opens_what_the_contract_closes(state: str, data: st.DataObject) -> None:
    law = data.draw(state_law(state, lawful_disclosure))
    law = structs.replace(law, narratives=None, suppression=None)
    refuses_or_is_within(law, wide())
    closed = structs.replace(wide(), disclosures=(), state_law=(law,))
    assert {one.passes for one in compiled(closed).restrictions} == {Passing.NOTHING}
