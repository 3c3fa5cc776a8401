"""What the C passes over, or adds without asking, is what Python leaves as it is, or adds: tried on stretches anywhere."""

from itertools import pairwise
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stream_processors.domain.deidentification import tagging
from stream_processors.domain.deidentification.code_shapes import NO_INITIALS
from stream_processors.domain.deidentification.encodings import hidden_words
from stream_processors.domain.deidentification.spans import Span
from stream_processors.domain.deidentification.tagger.labels import KINDS
from tests.properties.conftest import Both
from tests.properties.test_compiled import texts
from tests.support.encodings import ENCODINGS

DOSES_AND_NAMES = (
    "5 mg", "40 mEq/h.", "10%", "2 tabs", "the 1999", "2015", "b.i.d.", "J. R. Doe", "Foley", "was", "Roe, Ann", "Morse 5",
    "\n", ", ", "_", "MRN", "é", "Of", "'s", "/", "hand-",
)  # fmt: skip
BESIDE = ("Roe", "Ann", " ", "-", "'", "’", "/", "_", "4", "12B", " J. ", " Q ", "Élan", "ward ", " 7", "mg", ".", "s")
KINDS_BESIDE = ("NAME", "PLACE", "FACILITY", "ID", "SSN", "PHONE", "DATE")


@settings(max_examples=1500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=st.one_of(texts, st.lists(st.sampled_from(DOSES_AND_NAMES), max_size=9).map(" ".join)), seed=st.integers(0, 2**32))
def test_no_stretch_is_passed_over_that_python_would_change(both: Both, text: str, seed: int) -> None:
    random = Random(seed)
    ends = sorted(random.sample(range(len(text) + 1), min(8, len(text) + 1)))
    marked = [(start, end, random.choice(tuple(tagging.SORTS_BY_LABEL))) for start, end in pairwise(ends)]
    marked = [mark for mark in marked if any(map(str.isalnum, text[mark[0] : mark[1]]))]
    sorts = bytes(
        tagging.MAY_CHANGE[tagging.SORTS_BY_LABEL[label]] if label in tagging.SORTS_BY_LABEL else 0
        for label in range(len(KINDS))
    )
    doubtful = both.extensions.search.may_change(text, marked, sorts, both.refining.touchy)
    everything = both.refining.refined(text, marked, tagging.SORTS_BY_LABEL)
    assert both.refining.refined(text, marked, tagging.SORTS_BY_LABEL, doubtful) == everything, (text, marked)


@settings(max_examples=1500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=st.one_of(texts, st.lists(st.sampled_from(BESIDE), max_size=9).map("".join)), seed=st.integers(0, 2**32))
def test_both_ways_add_the_same_rest_of_a_word_to_a_span(both: Both, text: str, seed: int) -> None:
    random = Random(seed)
    ends = sorted(random.sample(range(len(text) + 1), min(8, len(text) + 1)))
    spans = [Span(start, end, random.choice(KINDS_BESIDE), "-") for start, end in pairwise(ends) if random.random() < 0.5]
    assert both.compiled.whole(text, spans) == both.plain.whole(text, spans), (text, spans)


def test_what_the_compiled_search_passes_over_rests_on_short_abbreviations_and_words_of_letters(both: Both) -> None:
    assert max(len(letters.replace(".", "")) for letters in NO_INITIALS) <= 4
    assert [word for word in both.refining.touchy if not (word.isascii() and word.isalpha())] == []


ROWS = st.text("ABCIQTZadehlmnwz0123456789+/-_=% :,;", min_size=4, max_size=40)
"""What base64 and hexadecimal digits are made of, whole and cut."""


@settings(max_examples=1500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(parts=st.lists(st.one_of(texts, ROWS, st.tuples(st.sampled_from(sorted(ENCODINGS)), st.text(max_size=12))), max_size=4))
def test_both_ways_find_the_same_words_in_other_encodings(both: Both, parts: list[str | tuple[str, str]]) -> None:
    text = " ".join(part if isinstance(part, str) else ENCODINGS[part[0]](part[1]) for part in parts)
    assert both.compiled.hidden_words(text) == hidden_words(text)
