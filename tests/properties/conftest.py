"""The layers of the narrative engine twice, in Python and in C, compiled from the sources of this checkout."""

from pathlib import Path
from typing import NamedTuple

import pytest

from stream_processors.domain.deidentification import tagging
from stream_processors.domain.deidentification.compiled.layers import CompiledLayers
from stream_processors.domain.deidentification.compiled.loader import NAMES, Extensions
from stream_processors.domain.deidentification.engine import PlainLayers
from stream_processors.domain.deidentification.lexicon.loader import lines_of, packed_words
from stream_processors.domain.deidentification.refining import Refining
from stream_processors.domain.deidentification.tagger.kernel import CompiledTagger
from stream_processors.domain.deidentification.tagger.model import shipped, unpacked
from tests.unit.domain.tagger.compiled import compiled_extension


class Both(NamedTuple):
    """The same layers twice."""

    plain: PlainLayers
    compiled: CompiledLayers
    tagger: CompiledTagger
    refining: Refining
    extensions: Extensions


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Both:
    folder: Path = tmp_path_factory.mktemp("compiled")
    extensions = Extensions(*(compiled_extension(folder, name) for name in NAMES))
    tagger = CompiledTagger(compiled_extension(folder), unpacked(shipped()), lines_of(packed_words()))
    plain = PlainLayers(tagging.plain_tagger(tagger))
    return Both(plain, tagging.compiled_layers(extensions, tagger), tagger, tagging.refining(tagging.word_lists()), extensions)
