"""The shipped tagger as a layer of the narrative engine."""

import re
from collections.abc import Iterator, Sequence, Set
from typing import NamedTuple

from schemas.grades import Grade
from stream_processors.domain.deidentification.compiled.layers import CompiledLayers
from stream_processors.domain.deidentification.compiled.loader import Extensions, extensions
from stream_processors.domain.deidentification.compiled.search import Stays
from stream_processors.domain.deidentification.engine import NarrativeEngine, PlainLayers, Tagger
from stream_processors.domain.deidentification.layers import PROPAGATION, TAGGER
from stream_processors.domain.deidentification.lexicon.flags import COMMON_SHIFT, FAMILY_SHIFT, Word
from stream_processors.domain.deidentification.lexicon.loader import lines_of, packed_words
from stream_processors.domain.deidentification.policy import canonical, policy
from stream_processors.domain.deidentification.refining import Refining, Sort
from stream_processors.domain.deidentification.spans import Span
from stream_processors.domain.deidentification.tagger import loader
from stream_processors.domain.deidentification.tagger.kernel import CompiledTagger
from stream_processors.domain.deidentification.tagger.labels import KINDS
from stream_processors.domain.deidentification.tagger.model import shipped
from stream_processors.domain.deidentification.trimming import Ordinary
from stream_processors.domain.deidentification.version import EngineVersion, hash_of, hash_of_files, source_files
from stream_processors.domain.deidentification.words import folded, spelled, words_among

_KINDS = {
    Grade.P1: {"NAME": "NAME", "FACILITY": "FACILITY", "ID": "ID"},  # towns and dates stay: 42 CFR 3.206(b)(4)(iv)(A)(2)
    Grade.P2: {"NAME": "NAME", "FACILITY": "FACILITY", "ID": "ID", "LOCATION": "PLACE", "OTHER": "ID"},
}
"""What the tagger calls a stretch, and what we call it, where it has to go."""

_KINDS_BY_LABEL = {grade: tuple(map(kinds.get, KINDS)) for grade, kinds in _KINDS.items()}

_SORTS = {"NAME": Sort.NAME, "ID": Sort.CODE, "OTHER": Sort.CODE, "LOCATION": Sort.PLACE}
SORTS_BY_LABEL = {label: _SORTS[kind] for label, kind in enumerate(KINDS) if kind in _SORTS}
MAY_CHANGE = {Sort.NAME: 1, Sort.CODE: 2, Sort.PLACE: 3}
"""In the order of the enumeration of _search.c."""
_P2 = Grade.P2

_ROOM = re.compile(r"\b(?:room|rm|bed|bay|or|suite|station|cubicle|theat(?:er|re)|chair|pod)\W{0,3}$", re.IGNORECASE)
_SHORT = re.compile(r"[<>=~]{0,2}\s?\d{1,3}(?:\s?[./-]\s?\d{1,3})?\s?%?")
"""Up to three digits, or two such numbers: a score, a blood pressure, a saturation, a ratio. Dates are the patterns' work."""
_NUMBER = re.compile(r"[A-Z]?-?\d{1,4}-?[A-Z]?")
_CARE_UNITS = frozenset(["or", "er", "ed", "icu", "nicu", "picu", "micu", "sicu", "ccu", "pacu", "ob", "gi", "iv"])
"""Kinds of unit, not units: every hospital has one. `Or` is a surname too, which the lexicon alone would let decide."""
SHORTEST_NAME = 4
"""Letters: shorter ones are parts of too many words."""
ORDINARY_BAND = 2
"""Of the lexicon's five bands of English words, rare to frequent."""
MOST_FREQUENT_BAND = 5
_STAYING = (
    Word.ROLE | Word.CREDENTIAL | Word.RELATION | Word.CALENDAR | Word.EPONYM | Word.EPONYM_HEAD | Word.ABBREVIATION | Word.UNIT
    | Word.DEVICE | Word.TITLE | Word.DRUG | Word.PROPER | Word.STATE | Word.FACILITY_HEAD | Word.SPEECH
)  # fmt: skip
_BEFORE = 12
"""Characters before a stretch in which the word for a room stands."""


def full_engine(*, plain: bool = False) -> NarrativeEngine:
    """Every layer, in C where it was built, and the version that they are. `plain` does without C, for the same answers.

    Raises OSError or ValueError where lexicon or model are missing or not as built: then nothing may start.
    """
    tagger, version = loader.load(plain=plain), shipped_version()
    compiled = None if plain else extensions()
    if compiled and isinstance(tagger, CompiledTagger):
        return NarrativeEngine(compiled_layers(compiled, tagger), version, "c")
    return NarrativeEngine(PlainLayers(plain_tagger(tagger)), version, "python")


def plain_tagger(tagger: loader.Tagger) -> Tagger:
    """The tagger as a layer in Python. Raises ValueError where the lexicon is not as built."""
    lists = word_lists()
    refined = refining(lists).refined

    def tagged(text: str, grade: Grade) -> list[Span]:
        kinds = _KINDS[grade]
        spans = [
            Span(start, end, kind, f"tagged {folded(text[start:end])}", TAGGER)
            for start, end, found in refined(text, tagger.tag(text), _SORTS)
            if (kind := kinds.get(found))
            and not _is_number(text, start, end)
            and not (text[start:end].isupper() and folded(text[start:end]) in lists.abbreviations)
        ]
        return spans + list(said_again(text, spans, lists.ordinary))

    return tagged


def compiled_layers(compiled: Extensions, tagger: CompiledTagger) -> CompiledLayers:
    """Every layer in C. Raises ValueError where the lexicon is not as built."""
    lists = word_lists()
    stays = Stays(_is_number, lists.abbreviations, lists.ordinary)
    refiner = refining(lists)
    may_change, touchy = compiled.search.may_change, refiner.touchy
    p1, p2 = _sorts_that_go(Grade.P1), _sorts_that_go(Grade.P2)

    def marks(text: str, grade: Grade) -> list[tuple[int, int, int]]:
        marked = tagger.marks(text)
        doubtful = may_change(text, marked, p2 if grade is _P2 else p1, touchy)
        return refiner.refined(text, marked, SORTS_BY_LABEL, doubtful) if doubtful else marked

    return CompiledLayers(compiled, marks, _KINDS_BY_LABEL, stays)


def _sorts_that_go(grade: Grade) -> bytes:
    """By label; none for what stays in the grade."""
    return bytes(
        MAY_CHANGE[SORTS_BY_LABEL[label]] if kind and label in SORTS_BY_LABEL else 0
        for label, kind in enumerate(_KINDS_BY_LABEL[grade])
    )


def refining(lists: "WordLists") -> Refining:
    """The words by which marks are cut and widened."""
    return Refining(Ordinary(lists.nobody, lists.small, lists.eponyms), lists.no_part_of_a_name)


def shipped_version() -> EngineVersion:
    """The version of what is installed, read from its files: once where the engine is built, never for a record."""
    return EngineVersion(
        code=hash_of_files(source_files()),
        lexicon=hash_of(packed_words()),
        model=hash_of(shipped()),
        policy=hash_of(canonical(policy())),
    )


def said_again(text: str, spans: Sequence[Span], ordinary: Set[str]) -> Iterator[Span]:
    """Where a name that was found once stands once more, also where nothing around it tells that it is one.

    Not a name that is an ordinary word as well: tried on clinical questions, it took more words than names.
    """
    labels = {word: span.label for span in spans if span.kind == "NAME" for word in spelled(text[span.start : span.end])}
    names = {word for word in labels if len(word) >= SHORTEST_NAME and word.isalpha() and word not in ordinary}
    for word in words_among(text, names) if names else ():
        # Inside a stretch of another type it still is a name, and a bare age may stand behind it.
        layer = TAGGER if _is_inside(word.start, word.end, spans) else PROPAGATION
        yield Span(word.start, word.end, "NAME", labels[word.text], layer)


def _is_inside(start: int, end: int, spans: Sequence[Span]) -> bool:
    for span in spans:  # noqa: SIM110 - any() is slower, and this runs for every name of a text
        if span.start <= start and end <= span.end:
            return True
    return False


class WordLists(NamedTuple):
    """Folded words of the lexicon by what its flags say of them."""

    ordinary: Set[str]
    """English words in use, and those of medicine and the calendar: not looked for once more where they were a name."""
    abbreviations: Set[str]
    """Clinical ones that are nobody's name, and kinds of unit."""
    nobody: Set[str]
    """In use, and no list of names or towns holds them."""
    small: Set[str]
    """In nearly every text, and seldom a name."""
    eponyms: Set[str]
    no_part_of_a_name: Set[str]


def word_lists() -> WordLists:
    """All lists in one pass, each set of flags judged once. Raises ValueError where the lexicon is not as built."""
    wanted = (_is_ordinary, _is_abbreviation, _is_nobody, _is_small, _is_eponym, _is_no_part_of_a_name)
    found: tuple[set[str], ...] = tuple(set() for _ in wanted)
    lists_of: dict[str, list[set[str]]] = {}
    for line in lines_of(packed_words()).decode("ascii").splitlines():
        word, bits = line.split(" ")
        if bits not in lists_of:
            flags = int(bits, 16)
            lists_of[bits] = [words for is_wanted, words in zip(wanted, found, strict=True) if is_wanted(flags)]
        for words in lists_of[bits]:
            words.add(word)
    ordinary, abbreviations, *others = map(frozenset, found)
    return WordLists(ordinary, abbreviations | _CARE_UNITS, *others)


def _is_abbreviation(flags: int) -> bool:
    """A clinical abbreviation that is nobody's name: OR, ICU, CHF."""
    return bool(flags & Word.ABBREVIATION) and not flags & (Word.GIVEN | Word.FAMILY)


def _is_no_part_of_a_name(flags: int) -> bool:
    return bool(flags & _STAYING)


def _is_nobody(flags: int) -> bool:
    band = (flags & Word.COMMON) >> COMMON_SHIFT
    return band >= ORDINARY_BAND and not flags & (Word.GIVEN | Word.FAMILY | Word.CITY | Word.CITY_PART | Word.EPONYM)


def _is_small(flags: int) -> bool:
    band = (flags & Word.COMMON) >> COMMON_SHIFT
    return band == MOST_FREQUENT_BAND and flags & Word.GIVEN <= 1 and (flags & Word.FAMILY) >> FAMILY_SHIFT <= 1


def _is_eponym(flags: int) -> bool:
    return bool(flags & Word.EPONYM)


def _is_ordinary(flags: int) -> bool:
    band = (flags & Word.COMMON) >> COMMON_SHIFT
    return band >= ORDINARY_BAND or bool(flags & (Word.CLINICAL | Word.DRUG | Word.EPONYM | Word.CALENDAR))


def _is_number(text: str, start: int, end: int) -> bool:
    """A score, a reading or a room: no unique identifying number (45 CFR 164.514(b)(2)(i)(R)), and the event needs it."""
    if _SHORT.fullmatch(text, start, end):
        return True
    return bool(_NUMBER.fullmatch(text, start, end) and _ROOM.search(text[max(0, start - _BEFORE) : start]))
