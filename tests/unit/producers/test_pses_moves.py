"""Which act is lawful on which item: every pair of state and act, with the paragraph that decides."""

from itertools import product

import pytest

from producers.pses.items import Act, Item, Matter, PsesState
from producers.pses.law import Paragraph
from producers.pses.moves import AFTER, RULINGS, refused, ruling

LAWFUL = None

# state, act, the paragraph of a refusal, remark
TABLE = [
    ("captured", "enter", LAWFUL, "what was read is documented as within the PSES"),
    ("captured", "remove", Paragraph.ENTRY, "what never entered cannot be taken out"),
    ("captured", "report", Paragraph.ENTRY, "the date of entry is part of the documentation"),
    ("captured", "functional_report", Paragraph.ENTRY, "the same"),
    ("in_pses", "enter", Paragraph.ENTRY, "the date of entry is never written again"),
    ("in_pses", "remove", LAWFUL, "not yet reported"),
    ("in_pses", "report", LAWFUL, "actual reporting"),
    ("in_pses", "functional_report", LAWFUL, "under a clause of the contract"),
    ("removed", "enter", Paragraph.SEPARATE, "it exists outside the PSES now"),
    ("removed", "remove", Paragraph.SEPARATE, "it is gone already"),
    ("removed", "report", Paragraph.SEPARATE, "reporting does not make it work product again"),
    ("removed", "functional_report", Paragraph.SEPARATE, "the same"),
    ("reported", "enter", Paragraph.NOT_YET_REPORTED, "a correction is a new revision"),
    ("reported", "remove", Paragraph.NOT_YET_REPORTED, "never after reporting"),
    ("reported", "report", Paragraph.NOT_YET_REPORTED, "a correction is a new revision"),
    ("reported", "functional_report", Paragraph.NOT_YET_REPORTED, "the same"),
]


def item(state: str, *, revision: int = 1, matter: Matter = Matter.FOR_REPORTING, offered: bool = False) -> Item:
    return Item("evt-1", revision, PsesState(state), matter, offered)


@pytest.mark.parametrize(("state", "act", "paragraph"), [row[:3] for row in TABLE], ids=[f"{s}-{a}" for s, a, *_ in TABLE])
def test_each_act_on_each_state_is_lawful_or_refused_with_its_paragraph(
    state: str, act: str, paragraph: Paragraph | None
) -> None:
    found = ruling(Act(act), item(state))
    assert (found.paragraph if found else LAWFUL) == paragraph


def test_the_table_has_every_pair_once() -> None:
    assert sorted((state, act) for state, act, *_ in TABLE) == sorted(product(PsesState, Act))
    assert {pair for pair in product(PsesState, Act) if pair in RULINGS} == {
        (s, a) for s, a, paragraph, _ in TABLE if paragraph
    }


def test_no_lawful_act_leads_out_of_a_state_that_is_an_end() -> None:
    starts = {state for state, _, paragraph, _ in TABLE if paragraph is LAWFUL}
    assert starts == {PsesState.CAPTURED, PsesState.IN_PSES}
    assert set(AFTER) == set(Act)
    assert PsesState.CAPTURED not in AFTER.values()


# matter, offered, act, the paragraph of a refusal, remark
WITHIN_THE_PSES = [
    (Matter.DELIBERATION, False, Act.REMOVE, Paragraph.DELIBERATION, "removal reaches what was assembled for reporting only"),
    (Matter.DELIBERATION, False, Act.REPORT, LAWFUL, "an analysis may be reported"),
    (Matter.DELIBERATION, False, Act.REPORT_FUNCTIONALLY, LAWFUL, "in either way"),
    (Matter.FOR_REPORTING, True, Act.REMOVE, Paragraph.NOT_YET_REPORTED, "the PSO may have it: no answer is on record"),
    (Matter.FOR_REPORTING, True, Act.REPORT, LAWFUL, "sending it again changes nothing"),
    (Matter.FOR_REPORTING, True, Act.REPORT_FUNCTIONALLY, Paragraph.ENTRY, "actual reporting is under way"),
    (Matter.DELIBERATION, True, Act.REMOVE, Paragraph.DELIBERATION, "the lasting reason is told"),
]


@pytest.mark.parametrize(
    ("matter", "offered", "act", "paragraph"), [row[:4] for row in WITHIN_THE_PSES], ids=[row[4] for row in WITHIN_THE_PSES]
)
def test_within_the_pses_it_matters_what_an_item_is(matter: Matter, offered: bool, act: Act, paragraph: Paragraph) -> None:
    found = ruling(act, item("in_pses", matter=matter, offered=offered))
    assert (found.paragraph if found else LAWFUL) == paragraph


# states of the revisions, act, revisions that are refused, remark
REVISIONS = [
    (("in_pses", "in_pses"), Act.REMOVE, [], "an event leaves with all its revisions"),
    (("reported", "in_pses"), Act.REMOVE, [2], "a correction repeats what was reported"),
    (("reported", "reported"), Act.REMOVE, [1, 2], "nothing is left to act on"),
    (("reported", "in_pses"), Act.REPORT, [], "a correction is reported after what it corrects"),
    (("reported", "in_pses"), Act.REPORT_FUNCTIONALLY, [], "in either way"),
    (("removed",), Act.REPORT, [1], "removed is removed"),
]


@pytest.mark.parametrize(("states", "act", "numbers"), [row[:3] for row in REVISIONS], ids=[row[3] for row in REVISIONS])
def test_an_act_is_on_an_event_with_all_its_revisions(states: tuple[str, ...], act: Act, numbers: list[int]) -> None:
    revisions = [item(state, revision=number) for number, state in enumerate(states, 1)]
    assert [answer.item.revision for answer in refused(act, revisions)] == numbers


def test_a_refusal_names_item_paragraph_and_what_can_be_done() -> None:
    (answer,) = refused(Act.REMOVE, [item("reported")])
    assert str(answer).startswith("evt-1 revision 1: it was reported to the PSO and cannot be removed (42 CFR 3.20, ")
    assert "(2)(ii)(A)): tell the PSO by a revision" in str(answer)
    assert all(found.why and found.hint for found in RULINGS.values())
