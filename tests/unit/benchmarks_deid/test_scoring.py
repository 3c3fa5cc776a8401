"""The benchmark's scorer says what a person counts by hand."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.benchmarks.deid.scoring import GoldText, Kept, Leak, OffsetError, Part, Removed, Score, score

# 3 + 5 characters of a name, 4 of a year, 3 of a drug, 11 of other words:  0123456789012345678901234567890123
TEXT = "Ann Marsh fell in 2024; Foley out"
NAME, YEAR, WORD = Part(0, 9, "NAME"), Part(18, 22, "DATE"), Part(10, 14)
GOLD = GoldText("t", TEXT, (NAME, YEAR), keep=(Kept(24, 29, "device"), Kept(30, 33, "time")))


def of(*spans: Part, gold: GoldText = GOLD) -> Score:
    return score([gold], {"t": Removed("t", spans)})


TABLE: list[tuple[str, tuple[Part, ...], dict[str, Any]]] = [
    ("nothing went", (), {"char_recall": 0, "char_precision": None, "leak": 1, "missed": 1, "clean": 0, "over_removal": 0}),
    ("all went, no more", (NAME, YEAR), {"char_recall": 1, "char_precision": 1, "leak": 0, "missed": 0, "clean": 1}),
    ("the blank between the names is no letter", (Part(0, 3), Part(4, 9), YEAR), {"char_recall": 1, "leak": 0, "clean": 1}),
    ("one letter left is a leak, no miss", (Part(0, 8), YEAR), {"char_recall": 11 / 12, "leak": 0.5, "missed": 0, "clean": 0}),
    ("one of two left whole", (NAME,), {"char_recall": 8 / 12, "leak": 0.5, "missed": 0.5, "clean": 0}),
    ("a word too many: 8 + 4 of 16, 1 word of 4", (NAME, YEAR, WORD), {"char_precision": 12 / 16, "over_removal": 1 / 4}),
    ("one letter of a word is the word", (NAME, Part(10, 11)), {"char_precision": 8 / 9, "over_removal": 1 / 4}),
    ("a device that went", (Part(24, 29),), {"false_removal": 1, "over_removal": 1 / 4}),
    ("a time is no clinical term", (Part(30, 33),), {"false_removal": 0, "over_removal": 1 / 4}),
    ("beyond both ends", (Part(-5, 9), Part(18, 99)), {"char_recall": 1, "char_precision": 12 / 20}),
    ("an empty part takes nothing", (Part(5, 5),), {"char_recall": 0, "over_removal": 0}),
    ("twice is once", (NAME, NAME), {"char_recall": 8 / 12, "char_precision": 1}),
]


@pytest.mark.parametrize(("remark", "spans", "expected"), TABLE, ids=[row[0] for row in TABLE])
def test_a_text_scores_what_a_person_counts(remark: str, spans: tuple[Part, ...], expected: dict[str, Any]) -> None:
    found = of(*spans)
    assert {name: getattr(found, name) for name in expected} == expected


def test_leaks_are_counted_for_each_type() -> None:
    assert of(YEAR).leaks == {"DATE": Leak(1, 0), "NAME": Leak(1, 1)}


def neutral_title(*, gone: bool) -> Score:
    """A gold span whose title may stay or go."""
    gold = GoldText("t", "Dr. Marsh slept", (Part(0, 9, "NAME"),), neutral=(Part(0, 2),))
    return of(Part(0 if gone else 4, 9), gold=gold)


def test_a_neutral_character_counts_neither_way() -> None:
    assert neutral_title(gone=True) == neutral_title(gone=False)
    assert neutral_title(gone=True).char_recall == 1


def test_a_neutral_word_is_no_other_word() -> None:
    gold = GoldText("t", "at 14:30 slept", neutral=(Part(3, 8),))
    assert of(Part(3, 8), gold=gold).over_removal == 0
    assert of(Part(9, 14), gold=gold).over_removal == 1 / 2


def test_an_identifier_without_a_letter_that_counts_is_none() -> None:
    gold = GoldText("t", "Dr. ?", (Part(0, 2, "NAME"), Part(4, 5, "NAME")), neutral=(Part(0, 2),))
    assert (of(gold=gold).identifiers, of(gold=gold).clean) == (0, 1)


def test_a_clinical_term_counts_although_it_is_neutral() -> None:
    gold = GoldText("t", "Foley", keep=(Kept(0, 5, "eponym"),), neutral=(Part(0, 5),))
    assert of(Part(0, 5), gold=gold).false_removal == 1


def test_a_withheld_text_leaves_every_figure_but_its_own() -> None:
    other = GoldText("u", "Bob ran", (Part(0, 3, "NAME"),))
    found = score([GOLD, other], {"t": Removed("t", quarantined=True), "u": Removed("u", (Part(0, 3),))})
    assert (found.texts, found.identifiers, found.quarantine) == (2, 1, 0.5)
    assert (found.leak, found.clean, found.char_recall) == (0, 1, 1)


def test_a_text_without_an_answer_is_a_text_that_was_left_as_it_is() -> None:
    assert score([GOLD], {}) == of()


def test_a_text_without_identifiers_is_not_clean_and_not_unclean() -> None:
    found = of(gold=GoldText("t", "slept well"))
    assert (found.clean, found.leak, found.char_recall, found.over_removal) == (None, None, None, 0)


def test_no_texts_have_no_shares() -> None:
    assert score([], {}) == Score(0, 0, None, None, None, None, None, None, None, None, {})


OUTSIDE: list[tuple[str, Callable[[], GoldText]]] = [
    ("an identifier", lambda: GoldText("t", "Ann", (Part(0, 4, "NAME"),))),
    ("a neutral part", lambda: GoldText("t", "Ann", neutral=(Part(-1, 2),))),
    ("a term to be kept", lambda: GoldText("t", "Ann", keep=(Kept(2, 1, "drug"),))),
]


@pytest.mark.parametrize(("remark", "gold"), OUTSIDE, ids=[row[0] for row in OUTSIDE])
def test_a_gold_part_outside_of_its_text_is_an_error_that_does_not_quote_it(remark: str, gold: Callable[[], GoldText]) -> None:
    with pytest.raises(OffsetError) as raised:
        score([gold()], {})
    assert "Ann" not in str(raised.value)
