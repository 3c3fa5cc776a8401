"""The shipped word list."""

import pytest

from stream_processors.domain.deidentification.lexicon.flags import Word
from stream_processors.domain.deidentification.lexicon.folding import folded
from stream_processors.domain.deidentification.lexicon.loader import packed_words
from stream_processors.domain.deidentification.tagger.classes import kind_of


def test_the_shipped_file_is_the_one_the_manifest_names() -> None:
    assert len(packed_words()) < 3_000_000


@pytest.mark.parametrize(
    ("word", "flag"),
    [
        ("nguyen", Word.FAMILY),
        ("maria", Word.GIVEN),
        ("metoprolol", Word.DRUG),
        ("foley", Word.EPONYM),
        ("boston", Word.CITY),
        ("hospital", Word.FACILITY_HEAD),
        ("nurse", Word.ROLE),
        ("daughter", Word.RELATION),
        ("went", Word.VERB),
        ("nkda", Word.ABBREVIATION),
        ("alaris", Word.DEVICE),
    ],
)
def test_a_word_carries_what_its_list_says(lexicon: dict[str, int], word: str, flag: Word) -> None:
    assert lexicon[word] & flag


def test_the_most_frequent_surname_is_in_the_highest_band(lexicon: dict[str, int]) -> None:
    assert lexicon["smith"] & Word.FAMILY == Word.FAMILY


@pytest.mark.parametrize(
    ("word", "plain"), [("Núñez", "nunez"), ("Zieliński", "zielinski"), ("Øster", "oster"), ("K\u212a", "kk")]
)
def test_letters_are_folded_one_to_one(word: str, plain: str) -> None:
    assert folded(word) == plain
    assert len(folded(word)) == len(word)


def test_an_unknown_word_and_a_name_are_different_kinds(lexicon: dict[str, int]) -> None:
    assert kind_of(0) != kind_of(lexicon["nguyen"])
