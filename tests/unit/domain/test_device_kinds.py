"""Kinds of device are counted by a closed list: whatever a label says, no word of it is counted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stream_processors.domain.device_kinds import KINDS, OTHER, UNKNOWN, device_kind


@pytest.mark.parametrize(
    ("label", "kind", "remark"),
    [
        ("infusion pump", "infusion_pump", "a kind"),
        ("Infusion Pumps (large volume)", "infusion_pump", "capitals, plural, words behind it"),
        ("IV-pump", "infusion_pump", "another name, punctuation"),
        ("syringe pump", "syringe_pump", "the longest words decide: no needle_or_syringe"),
        ("insulin pump", "insulin_pump", "nor an infusion pump"),
        ("infusion_pump", "infusion_pump", "the code itself"),
        ("bladder scanner", OTHER, "not on the list"),
        ("bedside commode", OTHER, "a word is a whole word: no bed"),
        ("Ann Lee's own walker", "mobility_aid", "nothing of the rest is kept"),
        ("pump", OTHER, "which pump is not told"),
        ("  ", UNKNOWN, "nothing is told"),
        (None, UNKNOWN, "no label"),
    ],
)
def test_a_label_is_counted_as_a_kind_of_the_list(label: str | None, kind: str, remark: str) -> None:
    assert device_kind(label) == kind, remark


@given(st.text(max_size=200))
def test_no_label_makes_a_kind_of_its_own(label: str) -> None:
    assert device_kind(label) in {*KINDS, OTHER, UNKNOWN}


def test_no_words_name_two_kinds() -> None:
    words = [phrase for kind, phrases in KINDS.items() for phrase in {*phrases, kind.replace("_", " ")}]
    assert len(words) == len(set(words))
