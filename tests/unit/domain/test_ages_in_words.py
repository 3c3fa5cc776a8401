"""Ages 85 to 120 in a narrative, in digits and in words: over 89 none is told in P2, in P1 every one may stay."""

from collections.abc import Iterator

import pytest

from schemas.grades import Grade
from stream_processors.domain.deidentification.engine import PATTERNS_ONLY, NarrativeEngine
from stream_processors.domain.deidentification.tagging import full_engine
from stream_processors.domain.deidentification.texts import LooseText, redacted

# In full, so that no rule of the test can be wrong in the way in which the code is.
SPELLED = {
    85: "eighty-five", 86: "eighty-six", 87: "eighty-seven", 88: "eighty-eight", 89: "eighty-nine",
    90: "ninety", 91: "ninety-one", 92: "ninety-two", 93: "ninety-three", 94: "ninety-four", 95: "ninety-five",
    96: "ninety-six", 97: "ninety-seven", 98: "ninety-eight", 99: "ninety-nine",
    100: "one hundred", 101: "one hundred and one", 102: "one hundred and two", 103: "one hundred and three",
    104: "one hundred and four", 105: "one hundred and five", 106: "one hundred and six", 107: "one hundred and seven",
    108: "one hundred and eight", 109: "one hundred and nine", 110: "one hundred and ten", 111: "one hundred and eleven",
    112: "one hundred and twelve", 113: "one hundred and thirteen", 114: "one hundred and fourteen",
    115: "one hundred and fifteen", 116: "one hundred and sixteen", 117: "one hundred and seventeen",
    118: "one hundred and eighteen", 119: "one hundred and nineteen", 120: "one hundred and twenty",
}  # fmt: skip
SENTENCES = (
    ("The patient, a {}-year-old man, fell.", "the usual form"),
    ("A {} year old fell.", "without hyphens"),
    ("She is {} years old.", "behind a verb"),
    ("She was {} years of age.", "of age"),
    ("A woman aged {} fell.", "aged"),
    ("At the age of {} he fell.", "the age of"),
)
ABBREVIATED = (
    ("He was {} y/o and fell.", "with a stroke"),
    ("A {}yo woman fell.", "written together"),
    ("Age: {}.", "a label"),
    ("A {}F fell.", "with the sex"),
    ("She ({} y) fell.", "in brackets"),
    ("A {}-yr-old fell.", "short for year"),
)
ENGINES = (("every layer", full_engine()), ("shapes alone", PATTERNS_ONLY))


def spellings(years: int) -> Iterator[str]:
    """In words: with hyphens and without, with `and` and without, `a hundred`, and in capitals."""
    spelled = SPELLED[years]
    yield from (spelled, spelled.replace("-", " "), spelled.replace(" and ", " "), spelled.replace(" ", "-"))
    yield from (spelled.replace("one hundred", "a hundred"), spelled.upper(), spelled.capitalize())


@pytest.mark.parametrize(("name", "engine"), ENGINES, ids=lambda value: value if isinstance(value, str) else "")
@pytest.mark.parametrize("years", SPELLED)
def test_an_age_over_89_is_gone_from_p2_in_digits_and_in_words(years: int, name: str, engine: NarrativeEngine) -> None:
    digits = [(sentence.format(years), f"{years}", remark) for sentence, remark in (*SENTENCES, *ABBREVIATED)]
    words = [(s.format(spelled), spelled, remark) for s, remark in SENTENCES for spelled in spellings(years)]
    for text, age, remark in (*digits, *words):
        left = redacted(LooseText("1", text), Grade.P2, engine).text
        if years > 89:
            assert age.lower() not in left.lower(), f"{remark}: {left}"
            assert "hundred" not in left.lower(), f"{remark}: {left}"
        elif age.islower() or age.isdigit():  # the tagger may take words in capitals for a name
            assert age in left, f"{remark}: {left}"


@pytest.mark.parametrize("years", SPELLED)
def test_no_shape_takes_an_age_in_p1(years: int) -> None:
    for sentence, remark in SENTENCES:
        for age in (f"{years}", SPELLED[years]):
            assert age in redacted(LooseText("1", sentence.format(age)), Grade.P1, PATTERNS_ONLY).text, remark
