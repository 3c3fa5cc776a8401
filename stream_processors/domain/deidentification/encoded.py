"""Identifiers in another encoding: a stretch goes where decoding it shows one, or where nobody can have read what it says."""

from collections.abc import Iterable, Iterator

from stream_processors.domain.deidentification.encodings import SHORTEST, Hidden, hidden_words, is_no_text
from stream_processors.domain.deidentification.known import Known
from stream_processors.domain.deidentification.layers import ENCODED
from stream_processors.domain.deidentification.spans import Span
from stream_processors.domain.deidentification.words import folded, normalised


def encoded_spans(hidden: Iterable[Hidden], known: Known) -> Iterator[Span]:
    """The stretches that go."""
    spellings: list[str] | None = None
    for stretch in hidden:
        if not stretch.is_certain and spellings is None:
            spellings = _spellings(known)
        if stretch.is_certain or _names(stretch, spellings or ()):
            yield Span(stretch.start, stretch.end, "ID", "encoded", ENCODED)


def _spellings(known: Known) -> list[str]:
    """What is known, without spaces."""
    words = [word for word in (*known.single, *known.numbers) if len(word) >= SHORTEST]
    return words + ["".join(sequence.split()) for sequence in known.phrases]


def goes(hidden: Iterable[Hidden], known: Known) -> bool:
    """True where one of the stretches has to go."""
    return any(True for _ in encoded_spans(hidden, known))


def holds_encoded(text: str, known: Known) -> bool:
    """True where a text is none, or still holds a stretch that has to go."""
    return is_no_text(text) or goes(hidden_words(text), known)


def _names(stretch: Hidden, spellings: Iterable[str]) -> bool:
    """Whether an identifier can be read in one reading. Where a word begins and ends does not count: bytes may be lost."""
    for reading in stretch.readings:
        closed = _closed(reading)
        if closed and any(spelling in closed for spelling in spellings):
            return True
    return False


def _closed(reading: str) -> str:
    """The letters and digits, folded. Bytes that are no text are neither, and most readings of a word hold little else."""
    kept = reading.replace("\ufffd", "")
    if kept.isascii():
        return "".join(filter(str.isalnum, kept.lower()))
    return "".join(filter(str.isalnum, folded(normalised(reading))))
