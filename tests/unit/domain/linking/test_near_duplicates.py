"""Reports of one event: a copy, a nurse and a pharmacist, a transfer; and what must not be linked or told."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stream_processors.domain.linking.field_agreement import Report
from stream_processors.domain.linking.minhash import ORDERS, signature, similarity
from stream_processors.domain.linking.near_duplicates import Link, counted_once, groups, linked, own

NURSE = Report(
    *("prv-1", "E-1", date(2024, 5, 16), frozenset({"medication"}), 71, "female", "inpatient_unit"),
    text="At the evening round the patient had got twice the dose of heparin, the pump was set to 20 instead of 10 ml an hour.",
)
PHARMACIST = replace(
    NURSE, event_id="E-2", text="Double rate of the anticoagulant infusion noticed on review; aPTT raised, rate corrected."
)
COPY = Report("prv-1", "E-3", text=NURSE.text + " Physician informed.")


@pytest.mark.parametrize(
    ("reports", "expected", "remark"),
    [
        ([NURSE, PHARMACIST], True, "two people, two texts, one event"),
        ([NURSE, COPY], True, "a copy without fields"),
        ([NURSE, replace(PHARMACIST, age=44)], False, "another age is another patient"),
        ([NURSE, replace(PHARMACIST, age=None)], False, "without an age a ward has two such events on a day"),
        ([NURSE, replace(PHARMACIST, sex="male")], False, "another sex is another patient"),
        ([NURSE, replace(PHARMACIST, day=date(2024, 5, 20))], False, "four days later"),
        ([NURSE, replace(PHARMACIST, provider="prv-2")], False, "the same fields at another provider are another patient"),
        ([NURSE, replace(NURSE, provider="prv-2", event_id="T-9")], True, "a transfer: both sent the same text"),
        ([replace(NURSE, text=""), replace(PHARMACIST, text="")], True, "without texts the fields are enough"),
        ([Report("prv-1", "a"), Report("prv-1", "b")], False, "nothing is known of either"),
    ],
)
def test_which_reports_are_linked(reports: list[Report], expected: bool, remark: str) -> None:
    assert bool(linked(reports)) is expected, remark


def test_whoever_is_linked_over_another_is_in_the_group_and_counts_once() -> None:
    links = linked([NURSE, Report("prv-1", "E-0", text="Slipped on a wet floor."), PHARMACIST, COPY])
    assert groups(links) == [[0, 2, 3]]
    assert counted_once(links) == {2, 3}


def test_a_provider_is_told_of_its_own_reports_and_nothing_by_the_links_of_others() -> None:
    bridge = replace(COPY, provider="prv-2", event_id="X")
    mine = [NURSE, replace(NURSE, event_id="E-7", text=bridge.text, day=date(2024, 5, 25), age=70)]
    alone = own(mine, "prv-1")
    assert own([bridge, *mine, replace(bridge, event_id="Y")], "prv-1") == alone
    assert {report.provider for report in alone[0]} == {"prv-1"}


def test_a_signature_estimates_the_share_of_common_shingles() -> None:
    words = [f"w{n}" for n in range(302)]
    one, other = signature(" ".join(words[:202])), signature(" ".join(words[100:]))
    assert one is not None
    assert other is not None
    assert similarity(one, other) == pytest.approx(100 / 300, abs=3 * (2 / 9 / ORDERS) ** 0.5)


def test_case_and_punctuation_change_nothing_and_no_word_has_no_signature() -> None:
    one, other = signature("Fell, from the BED!"), signature("fell from the bed")
    assert one is not None
    assert other is not None
    assert similarity(one, other) == 1.0
    assert signature(" ... ") is None


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda pair: pair[0] < pair[1])))
def test_groups_are_the_connected_parts(pairs: list[tuple[int, int]]) -> None:
    found = groups(Link(*pair, 20.0, None) for pair in pairs)
    of = {place: number for number, group in enumerate(found) for place in group}
    assert all(of[one] == of[other] for one, other in pairs)
    assert sum(map(len, found)) == len({place for pair in pairs for place in pair})
    assert all(_connected(group, pairs) for group in found)


def _connected(group: list[int], pairs: list[tuple[int, int]]) -> bool:
    reached = {group[0]}
    for _ in group:
        reached |= {place for pair in pairs if reached & set(pair) for place in pair}
    return reached == set(group)
