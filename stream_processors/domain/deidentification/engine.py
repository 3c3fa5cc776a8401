"""The narrative engine: the spans of every layer in one result, checked by another path, with a verdict.

Layers: what the record's own fields name, what has the shape of an identifier, and, where one is given, a tagger for names
that stand in words only. Their union goes: layers of different kinds miss different things.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from schemas.grades import Grade
from schemas.records.manifest import Manifest
from stream_processors.domain.deidentification.counting import manifest_of
from stream_processors.domain.deidentification.encoded import encoded_spans, goes
from stream_processors.domain.deidentification.encodings import Hidden, hidden_words, is_no_text
from stream_processors.domain.deidentification.known import Known
from stream_processors.domain.deidentification.neighbours import whole
from stream_processors.domain.deidentification.old_ages import holds_old_age, old_age_spans
from stream_processors.domain.deidentification.patterns import PLACEHOLDER
from stream_processors.domain.deidentification.safe import hidden
from stream_processors.domain.deidentification.spans import Span, known_spans, merged, shaped_spans
from stream_processors.domain.deidentification.tied import holds_tied, tied_spans
from stream_processors.domain.deidentification.verification import holds_identifier, holds_known
from stream_processors.domain.deidentification.version import UNVERSIONED, EngineVersion

LONGEST = 50_000
"""Characters of one narrative; what is longer is looked at by people."""

Tagger = Callable[[str, Grade], Iterable[Span]]
"""Finds names and places by how a sentence is built; what may stay in a grade is none of its spans."""


class Verdict(StrEnum):
    """What may happen with a narrative. Nothing doubtful is released."""

    RELEASE = "release"
    QUARANTINE = "quarantine"


@dataclass(frozen=True, slots=True)
class Redaction:
    """What is left of a text, the parts that went, and whether it may leave."""

    text: str
    spans: Sequence[Span]
    verdict: Verdict


def nobody(_text: str, _grade: Grade) -> Iterable[Span]:
    """No tagger."""
    return ()


class Layers(Protocol):
    """The search and the check of what is left; in C where it was built."""

    def spans(self, text: str, known: Known, grade: Grade) -> Sequence[Span]:
        """What has to go, in order, merged."""

    def whole(self, text: str, spans: Sequence[Span]) -> Sequence[Span]:
        """These, each with the rest of its word."""

    def are_in_doubt(self, result: str, known: Known, grade: Grade) -> bool:
        """True where the second path still sees something."""

    def hidden_words(self, text: str) -> list[Hidden]:
        """The stretches that may hold words in another encoding."""

    def holds_known(self, text: str, known: Known) -> bool:
        """True where a known identifier can be read in any text."""

    def holds_identifier(self, text: str, known: Known, grade: Grade) -> bool:
        """True where it can, or where something has the shape of an identifier that this grade forbids."""


@dataclass(frozen=True, slots=True)
class PlainLayers:
    """Python alone: the reference that the compiled layers must equal."""

    tagger: Tagger = nobody

    def spans(self, text: str, known: Known, grade: Grade) -> Sequence[Span]:
        """What has to go, in order, merged."""
        found = [*known_spans(text, known), *shaped_spans(text, grade), *self.tagger(text, grade)]
        if grade is Grade.P2:  # dates and ages stay in P1
            found += [*tied_spans(text, found), *old_age_spans(text, found)]
        return merged(text, found)

    def whole(self, text: str, spans: Sequence[Span]) -> Sequence[Span]:
        """These, each with the rest of its word."""
        return whole(text, spans)

    def are_in_doubt(self, result: str, known: Known, grade: Grade) -> bool:
        """True where the second path still sees something."""
        return holds_identifier(result, known, grade) or (grade is Grade.P2 and (holds_tied(result) or holds_old_age(result)))

    def hidden_words(self, text: str) -> list[Hidden]:
        """The stretches that may hold words in another encoding."""
        return hidden_words(text)

    def holds_known(self, text: str, known: Known) -> bool:
        """True where a known identifier can be read in any text."""
        return holds_known(text, known)

    def holds_identifier(self, text: str, known: Known, grade: Grade) -> bool:
        """True where it can, or where something has the shape of an identifier that this grade forbids."""
        return holds_identifier(text, known, grade)


@dataclass(frozen=True, slots=True)
class NarrativeEngine:
    """Redacts normalised texts. A function of its input and of what it was built with."""

    layers: Layers = field(default_factory=PlainLayers)
    """What does the work: those in C, where they were built."""
    version: EngineVersion = UNVERSIONED
    kernel: str = "none"
    """What the layers are written in: `c`, `python`, or `none` without a tagger. All give the same answers."""
    manifest: Manifest = field(init=False, compare=False)
    """The version as every record tells it, made once."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "manifest", manifest_of(self.version))  # the dataclass is frozen

    def redact(self, plain: str, known: Known, grade: Grade, numbers: dict[str, int]) -> Redaction:
        """Take the identifiers out of a normalised text. `numbers` keeps [NAME-n] the same within an event.

        A layer that raises, a text that is too long, and a result in which the second path still sees something are
        quarantined: the text of such a redaction is empty.
        """
        if len(plain) > LONGEST or is_no_text(plain):
            return _WITHHELD
        try:
            unbracketed = _without_brackets(plain)
            spans = self.layers.whole(unbracketed, self.layers.spans(hidden(unbracketed), known, grade))
            encoded = self.layers.hidden_words(unbracketed)
            if encoded:
                spans = merged(unbracketed, [*spans, *encoded_spans(encoded, known)])
            result = _replaced(unbracketed, spans, numbers)
            doubtful = _is_doubtful(self.layers, result, known, grade)
            if encoded:  # cutting makes none where none was
                doubtful = doubtful or is_no_text(result) or goes(self.layers.hidden_words(result), known)
        except Exception:  # fail closed: a layer that cannot answer has not vouched; its words may quote the text
            return _WITHHELD
        return Redaction("", spans, Verdict.QUARANTINE) if doubtful else Redaction(result, spans, Verdict.RELEASE)


PATTERNS_ONLY = NarrativeEngine()
"""Knows what the record names and what has a shape, and no more: for comparison. What runs is built with every layer."""

_WITHHELD = Redaction("", (), Verdict.QUARANTINE)


def _is_doubtful(layers: Layers, result: str, known: Known, grade: Grade) -> bool:
    """What the record names may hide in no score, though a score looks like no date."""
    shown = hidden(result)
    return layers.are_in_doubt(shown, known, grade) or (shown is not result and layers.holds_known(result, known))


def _without_brackets(text: str) -> str:
    """A placeholder is ours, or it is none. Keeps the length, so that offsets hold."""
    return PLACEHOLDER.sub(lambda match: f"({match[0][1:-1]})", text) if "[" in text else text


def _replaced(text: str, spans: Sequence[Span], numbers: dict[str, int]) -> str:
    parts: list[str] = []
    done = 0
    for span in spans:
        parts += [text[done : span.start], _placeholder(span, numbers)]
        done = span.end
    return "".join([*parts, text[done:]])


def _placeholder(span: Span, numbers: dict[str, int]) -> str:
    if span.kind != "NAME":
        return f"[{span.kind}]"
    return f"[NAME-{numbers.setdefault(span.label, len(numbers) + 1)}]"
