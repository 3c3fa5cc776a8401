"""The compiled kernel and the plain decoder give the same answer on any text."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from stream_processors.domain.deidentification.lexicon.loader import flags_by_word, lines_of, packed_words
from stream_processors.domain.deidentification.tagger.decoding import PlainTagger
from stream_processors.domain.deidentification.tagger.kernel import CompiledTagger
from stream_processors.domain.deidentification.tagger.model import shipped, unpacked
from stream_processors.domain.deidentification.tagger.tokens import tokens
from tests.unit.domain.tagger.compiled import compiled_extension

WORDS = (
    "Dr", "Smith", "smith", "SMITH", "McDonald", "O'Brien", "Núñez", "Foley", "catheter", "St", "Mary", "Hospital", "Boston",
    "in", "by", "the", "nurse", "RN", "MRN", "12345", "3/4/2020", "J", "j", "\ufb01n", "\u01c4", "\u0130", "\u212a", "漢字",
    "½",    "_", "\x1f", "\u00ad", "e\u0301",
)  # fmt: skip
GAPS = (" ", " ", " ", "", ", ", ".", "\n", "\r\n", "\n\n", "-", "\t", "\u2028")
letters = some.text(some.characters(exclude_categories=["Cs"]), max_size=12)
texts = some.lists(some.tuples(some.one_of(some.sampled_from(WORDS), letters), some.sampled_from(GAPS)), max_size=40).map(
    lambda parts: "".join(word + gap for word, gap in parts)
)


@pytest.fixture(scope="module")
def taggers(tmp_path_factory: pytest.TempPathFactory) -> tuple[PlainTagger, CompiledTagger]:
    lines = lines_of(packed_words())
    model = unpacked(shipped())
    folder: Path = tmp_path_factory.mktemp("kernel")
    return PlainTagger(model, flags_by_word(lines)), CompiledTagger(compiled_extension(folder), model, lines)


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=texts)
def test_kernel_and_plain_decoder_agree(taggers: tuple[PlainTagger, CompiledTagger], text: str) -> None:
    plain, kernel = taggers
    assert kernel.tag(text) == plain.tag(text)


@settings(max_examples=300, deadline=None)
@given(text=texts)
def test_marked_stretches_are_in_order_and_inside_the_text(taggers: tuple[PlainTagger, CompiledTagger], text: str) -> None:
    end_before = 0
    for start, end, _ in taggers[1].tag(text):
        assert end_before <= start < end <= len(text)
        end_before = end


@settings(max_examples=300, deadline=None)
@given(text=texts)
def test_tokens_cover_every_letter_and_digit_once(text: str) -> None:
    covered = [place for start, end in tokens(text) for place in range(start, end)]
    assert len(covered) == len(set(covered))
    assert {place for place, sign in enumerate(text) if sign.isalnum()} <= set(covered)
