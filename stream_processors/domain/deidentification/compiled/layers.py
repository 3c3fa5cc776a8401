"""The layers of the narrative engine in C: engine.PlainLayers, with the same answers."""

from collections.abc import Sequence

from schemas.grades import Grade
from stream_processors.domain.deidentification.compiled.check import CompiledCheck
from stream_processors.domain.deidentification.compiled.encodings import CompiledEncodings
from stream_processors.domain.deidentification.compiled.loader import Extensions
from stream_processors.domain.deidentification.compiled.search import CompiledSearch, Marks, Stays
from stream_processors.domain.deidentification.known import Known
from stream_processors.domain.deidentification.neighbours import whole
from stream_processors.domain.deidentification.spans import Span
from stream_processors.domain.deidentification.tied import dates_left

_P2 = Grade.P2


class CompiledLayers:
    """Search and check of what is left."""

    def __init__(self, compiled: Extensions, marks: Marks, kinds: dict[Grade, tuple[str | None, ...]], stays: Stays) -> None:
        """`marks` is the tagger, `kinds` what its labels are called in a grade, `stays` what of it a text keeps."""
        self.marks = marks
        self.search = CompiledSearch(compiled.search, kinds, stays)
        self._may_grow = compiled.search.may_grow
        self.check = CompiledCheck(compiled.check)
        self.hidden_words = CompiledEncodings(compiled.encodings).hidden_words
        self.holds_known, self.holds_identifier = self.check.holds_known, self.check.holds_identifier

    def spans(self, text: str, known: Known, grade: Grade) -> Sequence[Span]:
        """What has to go, in order, merged."""
        return self.search.spans(text, known, grade, self.marks(text, grade))

    def whole(self, text: str, spans: Sequence[Span]) -> Sequence[Span]:
        """These, each with the rest of its word."""
        doubtful = self._may_grow(text, spans)
        return whole(text, spans, doubtful) if doubtful else spans

    def are_in_doubt(self, result: str, known: Known, grade: Grade) -> bool:
        """True where the second path still sees something."""
        if self.check.holds_identifier(result, known, grade):
            return True
        return grade is _P2 and (self._holds_tied(result) or self.check.holds_old_age(result))

    def _holds_tied(self, result: str) -> bool:
        dates = dates_left(result)
        return bool(dates) and bool(self.search.tied(result, dates))
