"""One lexicon, one model and both taggers for all tests of this folder."""

import pytest

from stream_processors.domain.deidentification.lexicon.loader import flags_by_word, lines_of, packed_words
from stream_processors.domain.deidentification.tagger.decoding import PlainTagger
from stream_processors.domain.deidentification.tagger.kernel import CompiledTagger
from stream_processors.domain.deidentification.tagger.model import Model, shipped, unpacked
from tests.unit.domain.tagger.compiled import compiled_extension


@pytest.fixture(scope="session")
def word_lines() -> bytes:
    return lines_of(packed_words())


@pytest.fixture(scope="session")
def lexicon(word_lines: bytes) -> dict[str, int]:
    return flags_by_word(word_lines)


@pytest.fixture(scope="session")
def model() -> Model:
    return unpacked(shipped())


@pytest.fixture(scope="session")
def plain(model: Model, lexicon: dict[str, int]) -> PlainTagger:
    return PlainTagger(model, lexicon)


@pytest.fixture(scope="session")
def kernel(model: Model, word_lines: bytes, tmp_path_factory: pytest.TempPathFactory) -> CompiledTagger:
    return CompiledTagger(compiled_extension(tmp_path_factory.mktemp("kernel")), model, word_lines)
