"""How well a list of removed parts fits a list of the parts that had to go.

Only letters and digits count. A character that is neutral counts neither for nor against. An identifier leaks where any of
its characters is left. A text that is withheld leaks nothing and is counted apart; a text without an answer is left as it is.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

CLINICAL = frozenset({"eponym", "drug", "dose", "measure", "device", "unit", "common", "abbrev"})
"""Kinds of terms that have to stay whose removal is a false removal."""

_WORD = re.compile(r"\w+")


class Part(Struct, frozen=True):
    """[start, end) in characters of the text."""

    start: int
    end: int
    type: str = "OTHER"


class Kept(Struct, frozen=True):
    """A part that has to stay."""

    start: int
    end: int
    cat: str


class GoldText(Struct, frozen=True):
    """A text, its identifiers, what has to stay in it, and what may stay or go."""

    id: str | int
    text: str
    spans: tuple[Part, ...] = ()
    keep: tuple[Kept, ...] = ()
    neutral: tuple[Part, ...] = ()


class Removed(Struct, frozen=True):
    """What a contender took out of a text."""

    id: str | int
    spans: tuple[Part, ...] = ()
    quarantined: bool = False


class Leak(Struct, frozen=True):
    """Identifiers of a type, and how many of them left something in a released text."""

    identifiers: int
    leaked: int


class Score(Struct, frozen=True):
    """Shares from 0 to 1; None where there was nothing to count."""

    texts: int
    identifiers: int
    char_recall: float | None
    char_precision: float | None
    leak: float | None
    missed: float | None
    clean: float | None
    false_removal: float | None
    over_removal: float | None
    quarantine: float | None
    leaks: dict[str, Leak]


class OffsetError(ValueError):
    """A part of a gold text that lies outside of it. Says which text, not what it says."""


def score(gold: Iterable[GoldText], removed: Mapping[str | int, Removed]) -> Score:
    """The score of all texts together."""
    counts: Counter[str] = Counter()
    for text in gold:
        counts.update(_counted(text, removed.get(text.id, Removed(text.id))))
    return _score(counts)


def _counted(gold: GoldText, removed: Removed) -> Counter[str]:
    counts = Counter({"texts": 1})
    if removed.quarantined:
        counts["withheld"] = 1
        return counts
    length = len(gold.text)
    identifying = _places(gold.spans, length, gold.id)
    gone = {place for part in removed.spans for place in range(max(0, part.start), min(length, part.end))}
    weighed = {place for place, character in enumerate(gold.text) if character.isalnum()}
    keep = [(kept, weighed & _places((kept,), length, gold.id)) for kept in gold.keep]
    weighed -= _places(gold.neutral, length, gold.id)
    counts.update(_characters(weighed, identifying, gone))
    counts.update(_other_words(gold.text, weighed, identifying, gone))
    counts.update(_identifiers(gold, weighed, gone))
    counts.update(_clinical(keep, gone))
    return counts


def _places(parts: Iterable[Part | Kept], length: int, name: str | int) -> set[int]:
    places: set[int] = set()
    for part in parts:
        if not 0 <= part.start <= part.end <= length:
            raise OffsetError(f"text {name}: a part from {part.start} to {part.end} of {length} characters")
        places.update(range(part.start, part.end))
    return places


def _characters(weighed: set[int], identifying: set[int], gone: set[int]) -> Iterator[str]:
    for place in weighed:
        if place in identifying:
            yield "characters gone" if place in gone else "characters left"
        elif place in gone:
            yield "characters wrongly gone"


def _other_words(text: str, weighed: set[int], identifying: set[int], gone: set[int]) -> Iterator[str]:
    """The words in which no identifier stands."""
    for match in _WORD.finditer(text):
        places = weighed.intersection(range(*match.span()))
        if places and not places & identifying:
            yield "other words"
            if places & gone:
                yield "other words gone"


def _identifiers(gold: GoldText, weighed: set[int], gone: set[int]) -> Iterator[str]:
    leaks = False
    for part in gold.spans:
        places = weighed.intersection(range(part.start, part.end))
        if not places:
            continue
        left = places - gone
        yield from ("identifiers", f"identifiers {part.type}")
        if left:
            leaks = True
            yield from ("leaked", f"leaked {part.type}")
        if left == places:
            yield "missed"
    if gold.spans:
        yield "texts with identifiers"
        if not leaks:
            yield "clean texts"


def _clinical(keep: Iterable[tuple[Kept, set[int]]], gone: set[int]) -> Iterator[str]:
    for kept, places in keep:
        if kept.cat in CLINICAL:
            yield "clinical terms"
            if places & gone:
                yield "clinical terms gone"


def _score(counts: Counter[str]) -> Score:
    def share(part: str, *others: str) -> float | None:
        whole = sum(counts[name] for name in others)
        return counts[part] / whole if whole else None

    return Score(
        texts=counts["texts"],
        identifiers=counts["identifiers"],
        char_recall=share("characters gone", "characters gone", "characters left"),
        char_precision=share("characters gone", "characters gone", "characters wrongly gone"),
        leak=share("leaked", "identifiers"),
        missed=share("missed", "identifiers"),
        clean=share("clean texts", "texts with identifiers"),
        false_removal=share("clinical terms gone", "clinical terms"),
        over_removal=share("other words gone", "other words"),
        quarantine=share("withheld", "texts"),
        leaks={
            kind: Leak(counts[f"identifiers {kind}"], counts[f"leaked {kind}"])
            for kind in sorted(name.partition(" ")[2] for name in counts if name.startswith("identifiers "))
        },
    )
