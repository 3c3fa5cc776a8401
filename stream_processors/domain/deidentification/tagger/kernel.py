"""Hands the model's tables to the compiled kernel."""

from collections.abc import Callable
from types import ModuleType

from stream_processors.domain.deidentification.lexicon.folding import FOLDS
from stream_processors.domain.deidentification.tagger.decoding import Found
from stream_processors.domain.deidentification.tagger.labels import KINDS
from stream_processors.domain.deidentification.tagger.model import Model


class CompiledTagger:
    """The same answers as the plain tagger, from C."""

    kernel = "c"

    def __init__(self, extension: ModuleType, model: Model, lexicon: bytes) -> None:
        vocabulary = model.vocabulary
        words = [f"{word} {row} {vocabulary.classes.get(word, -1)}" for word, row in vocabulary.words.items()]
        folds = "".join(map(chr, (ord(FOLDS[code]) for code in range(len(FOLDS)))))
        self._kernel = extension.Kernel(
            lexicon,
            "\n".join([*words, ""]).encode("ascii"),
            "\n".join([*vocabulary.affixes, ""]).encode("ascii"),
            folds,
            (model.wide, model.narrow, model.pair_keys, model.pairs),
            model.scale,
            model.steps,
            model.thresholds,
        )

        self.marks: Callable[[str], list[tuple[int, int, int]]] = self._kernel.tag
        """Start, end and label of each marked stretch."""

    def tag(self, text: str) -> list[Found]:
        """The marked stretches in order, offsets into this text."""
        return [(start, end, KINDS[label]) for start, end, label in self._kernel.tag(text)]
