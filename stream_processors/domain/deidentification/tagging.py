"""The shipped tagger as a layer of the narrative engine."""

import re
from collections.abc import Iterator, Sequence, Set

from schemas.grades import Grade
from stream_processors.domain.deidentification.engine import NarrativeEngine
from stream_processors.domain.deidentification.lexicon.flags import COMMON_SHIFT, Word
from stream_processors.domain.deidentification.lexicon.loader import lines_of, packed_words
from stream_processors.domain.deidentification.spans import Span
from stream_processors.domain.deidentification.tagger import loader
from stream_processors.domain.deidentification.words import folded, spelled, words_among

_KINDS = {
    Grade.P1: {"NAME": "NAME", "FACILITY": "FACILITY", "ID": "ID"},  # towns and dates stay: 42 CFR 3.206(b)(4)(iv)(A)(2)
    Grade.P2: {"NAME": "NAME", "FACILITY": "FACILITY", "ID": "ID", "LOCATION": "PLACE", "OTHER": "ID"},
}
"""What the tagger calls a stretch, and what we call it, where it has to go."""

_ROOM = re.compile(r"\b(?:room|rm|bed|bay|or|suite|station|cubicle|theat(?:er|re)|chair|pod)\W{0,3}$", re.IGNORECASE)
_NUMBER = re.compile(r"[A-Z]?-?\d{1,4}-?[A-Z]?")
SHORTEST_NAME = 4
"""Letters: shorter ones are parts of too many words."""
ORDINARY_BAND = 2
"""Of the lexicon's five bands of English words, rare to frequent."""
_BEFORE = 12
"""Characters before a stretch in which the word for a room stands."""


def full_engine() -> NarrativeEngine:
    """Every layer. Raises OSError or ValueError where lexicon or model are missing or not as built: then nothing may start."""
    tagger, ordinary = loader.load(), ordinary_words()

    def tagged(text: str, grade: Grade) -> list[Span]:
        kinds = _KINDS[grade]
        spans = [
            Span(start, end, kind, f"tagged {folded(text[start:end])}")
            for start, end, found in tagger.tag(text)
            if (kind := kinds.get(found)) and not _is_room(text, start, end)
        ]
        return spans + list(said_again(text, spans, ordinary))

    return NarrativeEngine(tagger=tagged)


def said_again(text: str, spans: Sequence[Span], ordinary: Set[str]) -> Iterator[Span]:
    """Where a name that was found once stands once more, also where nothing around it tells that it is one.

    Not a name that is an ordinary word as well: tried on clinical questions, it took more words than names.
    """
    labels = {word: span.label for span in spans if span.kind == "NAME" for word in spelled(text[span.start : span.end])}
    names = {word for word in labels if len(word) >= SHORTEST_NAME and word.isalpha() and word not in ordinary}
    for word in words_among(text, names) if names else ():
        yield Span(word.start, word.end, "NAME", labels[word.text])


def ordinary_words() -> frozenset[str]:
    """Words that a text may use without meaning anybody. Raises ValueError where the lexicon is not as built."""
    lines = lines_of(packed_words()).decode("ascii").splitlines()
    pairs = (line.split(" ") for line in lines)
    return frozenset(word for word, bits in pairs if _is_ordinary(int(bits, 16)))


def _is_ordinary(flags: int) -> bool:
    band = (flags & Word.COMMON) >> COMMON_SHIFT
    return band >= ORDINARY_BAND or bool(flags & (Word.CLINICAL | Word.DRUG | Word.EPONYM | Word.CALENDAR))


def _is_room(text: str, start: int, end: int) -> bool:
    """The number of a room, a bed or a theatre: no unique identifying number, and what happened there needs it."""
    return bool(_NUMBER.fullmatch(text, start, end) and _ROOM.search(text[max(0, start - _BEFORE) : start]))
