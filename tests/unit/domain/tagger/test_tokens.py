"""How a text is cut before anything is looked up."""

import pytest

from stream_processors.domain.deidentification.tagger.shapes import Case, Shape, case_of, shape_of
from stream_processors.domain.deidentification.tagger.tokens import tokens


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        pytest.param("Dr. O'Brien", ["Dr", ".", "O", "'", "Brien"], id="signs stand alone"),
        pytest.param("seen bySmith", ["seen", "by", "Smith"], id="a missing space shows by the capital"),
        pytest.param("McDonald and DeLuca", ["McDonald", "and", "DeLuca"], id="capitals that belong inside a surname"),
        pytest.param("5mg q6h", ["5", "mg", "q", "6", "h"], id="digits and letters part"),
        pytest.param("Maria\n\n \nLopez", ["Maria", "\n", "Lopez"], id="several line ends are one"),
        pytest.param("José Muñoz", ["José", "Muñoz"], id="letters with accents are letters"),
        pytest.param("", [], id="nothing"),
        pytest.param(" \t\u00a0", [], id="only spaces"),
    ],
)
def test_a_text_is_cut_into_words_numbers_and_signs(text: str, pieces: list[str]) -> None:
    assert [text[start:end] for start, end in tokens(text)] == pieces


@pytest.mark.parametrize(
    ("text", "case"),
    [
        ("Pt seen by Smith", Case.NORMAL),
        ("pt seen by smith", Case.LOWER),
        ("PT SEEN BY SMITH", Case.UPPER),
        ("PT SEEN BY SMITH at 5 mg", Case.UPPER),
    ],
)
def test_capitals_count_only_where_a_text_uses_them(text: str, case: Case) -> None:
    assert case_of(text) is case


@pytest.mark.parametrize(
    ("word", "case", "shape"),
    [
        ("smith", Case.NORMAL, Shape.SMALL),
        ("Smith", Case.NORMAL, Shape.CAPITAL),
        ("SMITH", Case.NORMAL, Shape.CAPITALS),
        ("McDonald", Case.NORMAL, Shape.MIXED),
        ("J", Case.NORMAL, Shape.LETTER),
        ("j", Case.NORMAL, Shape.SMALL_LETTER),
        ("SMITH", Case.UPPER, Shape.FLAT),
        ("j", Case.LOWER, Shape.FLAT_LETTER),
    ],
)
def test_the_shape_of_a_word_follows_its_text(word: str, case: Case, shape: Shape) -> None:
    assert shape_of(word, case) is shape
