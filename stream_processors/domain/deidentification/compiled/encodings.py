"""Words in another encoding by the clues that C finds: the same stretches as encodings.py, which decides what they are."""

from itertools import repeat
from types import ModuleType

from stream_processors.domain.deidentification import encodings
from stream_processors.domain.deidentification.encoding_clues import BITS
from stream_processors.domain.deidentification.encodings import Hidden, escaped, in_base64, in_hexadecimal


class CompiledEncodings:
    """Finds the stretches that may hold encoded words."""

    def __init__(self, extension: ModuleType) -> None:
        self._clues = extension.clues

    def hidden_words(self, text: str) -> list[Hidden]:
        """The stretches, in no order. Texts with escapes of a kind that hardly any has are left to Python."""
        if "\\" in text or "&" in text or "0x" in text:
            return encodings.hidden_words(text)
        clues = self._clues(text, BITS)
        if clues is None:
            return []
        rows, digits = clues
        return [*map(in_base64, repeat(text), rows), *in_hexadecimal(text, digits), *escaped(text)]
