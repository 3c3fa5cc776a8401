"""Words in another encoding: C finds where they may stand, and which rows of base64 go; the rest encodings.py decides."""

from collections.abc import Sequence
from functools import lru_cache
from types import ModuleType

from stream_processors.domain.deidentification.encoded import closed, encoded_spans, span_of
from stream_processors.domain.deidentification.encoding_clues import BITS
from stream_processors.domain.deidentification.encodings import escaped, hidden_words, in_hexadecimal
from stream_processors.domain.deidentification.known import Known
from stream_processors.domain.deidentification.spans import Span

_closed = lru_cache(4096)(closed)
"""Of single characters only: no word of a text is kept."""


class CompiledEncodings:
    """Finds the stretches that may hold encoded words, and says which of them go."""

    def __init__(self, extension: ModuleType) -> None:
        self._clues = extension.clues

    def encoded(self, text: str, known: Known) -> Sequence[Span] | None:
        """Those that go, None where there is none at all. Texts with rare escapes are left to Python."""
        if "\\" in text or "&#" in text or "0x" in text:
            stretches = hidden_words(text)
            return list(encoded_spans(stretches, known)) if stretches else None
        clues = self._clues(text, BITS, known, _closed)
        if clues is None:
            return None
        has_rows, rows, digits = clues
        others = [*in_hexadecimal(text, digits)]
        if any(text[place] in "%=" for place in digits):  # a sign with digits behind it: no escape begins otherwise here
            others += escaped(text)
        if not (has_rows or others):
            return None
        return [*(span_of(start, end) for start, end in rows), *encoded_spans(others, known)]
