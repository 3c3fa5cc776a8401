"""What two versions of the engine made of the same text: where they differ, by type of identifier, and never a word of it.

Spans are compared where both released the text. Else the verdict is the difference: a layer that raised or a text that was
too long says no spans at all, and every one of the other version would look lost.
"""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct

from stream_processors.domain.deidentification.engine import Verdict
from stream_processors.domain.deidentification.texts import FoundSpan, RedactedText


class Change(StrEnum):
    """What became of a span."""

    MOVED = "moved"
    """Same type, and they overlap."""
    RETYPED = "retyped"
    """Same place, another type."""
    ONLY_BEFORE = "only_before"
    ONLY_NOW = "only_now"


class Place(Struct, frozen=True, omit_defaults=True):
    """One span that is not the same: in characters of the original, of the version that found it."""

    change: Change
    type: str
    """As it was before; where nothing was, as it is now."""
    before: tuple[int, int] | None = None
    now: tuple[int, int] | None = None


class TextDifference(Struct, frozen=True):
    """One text, twice."""

    id: str | int
    verdicts: tuple[Verdict, Verdict]
    """Before and now."""
    same: Sequence[str] = ()
    """The types of the spans that are the same."""
    places: Sequence[Place] = ()
    uncovered: Sequence[tuple[str, int]] = ()
    """By spans of before: their type, and how many of their characters would leave now."""
    other_words: bool = False
    """What would leave is not the same text."""

    @property
    def is_one(self) -> bool:
        """False where nothing differs."""
        return self.verdicts[0] is not self.verdicts[1] or bool(self.places) or self.other_words


def difference(before: RedactedText, now: RedactedText) -> TextDifference:
    """What the version of `now` does otherwise with a text than the version of `before`."""
    verdicts = (before.verdict, now.verdict)
    if verdicts != (Verdict.RELEASE, Verdict.RELEASE):
        return TextDifference(now.id, verdicts)
    held = set(now.spans)
    same = [span for span in before.spans if span in held]
    kept = set(same)
    rest = ([s for s in before.spans if s not in kept], [s for s in now.spans if s not in kept])
    return TextDifference(
        id=now.id,
        verdicts=verdicts,
        same=[span.type for span in same],
        places=_places(*rest),
        uncovered=_uncovered(rest[0], now.spans),
        other_words=before.text != now.text,
    )


def _places(before: Sequence[FoundSpan], now: Sequence[FoundSpan]) -> list[Place]:
    """Each span of either side once: with its partner, or alone."""
    there = {_extent(span): span for span in now}
    retyped = {_extent(span): span for span in before if _extent(span) in there}
    found = [Place(Change.RETYPED, span.type, at, at) for at, span in retyped.items()]
    before = [span for span in before if _extent(span) not in retyped]
    now = [span for span in now if _extent(span) not in retyped]
    for type_ in sorted({span.type for span in (*before, *now)}):
        found += _of_type(type_, [s for s in before if s.type == type_], [s for s in now if s.type == type_])
    return sorted(found, key=lambda place: place.before or place.now or (0, 0))


def _of_type(type_: str, before: Sequence[FoundSpan], now: Sequence[FoundSpan]) -> Iterable[Place]:
    """Partners are the first that overlap; both sides are in the order of the text."""
    waiting = deque(sorted(now, key=_extent))
    for span in sorted(before, key=_extent):
        while waiting and waiting[0].end <= span.start:
            yield Place(Change.ONLY_NOW, type_, now=_extent(waiting.popleft()))
        if waiting and waiting[0].start < span.end:
            yield Place(Change.MOVED, type_, _extent(span), _extent(waiting.popleft()))
        else:
            yield Place(Change.ONLY_BEFORE, type_, _extent(span))
    yield from (Place(Change.ONLY_NOW, type_, now=_extent(span)) for span in waiting)


def _uncovered(before: Sequence[FoundSpan], now: Iterable[FoundSpan]) -> list[tuple[str, int]]:
    if not before:
        return []
    covered = {place for span in now for place in range(span.start, span.end)}
    lost = [(span.type, sum(place not in covered for place in range(span.start, span.end))) for span in before]
    return [(type_, count) for type_, count in lost if count]


def _extent(span: FoundSpan) -> tuple[int, int]:
    return span.start, span.end


class TypeCounts(Struct):
    """One type of identifier over all texts that both versions released. Counts of spans; `uncovered` of characters."""

    same: int = 0
    moved: int = 0
    retyped: int = 0
    only_before: int = 0
    only_now: int = 0
    uncovered: int = 0
    """Characters that were removed before and would leave now: what a new version must answer for."""


class Comparison(Struct, frozen=True):
    """Two result sets of the same texts."""

    texts: int
    differing: int
    verdicts: Mapping[str, int]
    """`before -> now`, where they differ."""
    other_words: int
    types: Mapping[str, TypeCounts]


def comparison(differences: Iterable[TextDifference]) -> Comparison:
    """The differences of texts, counted."""
    texts = differing = other_words = 0
    verdicts: dict[str, int] = {}
    types: dict[str, TypeCounts] = {}
    for one in differences:
        texts, differing, other_words = texts + 1, differing + one.is_one, other_words + one.other_words
        if one.verdicts[0] is not one.verdicts[1]:
            change = f"{one.verdicts[0]} -> {one.verdicts[1]}"
            verdicts[change] = verdicts.get(change, 0) + 1
        _count(types, one)
    return Comparison(texts, differing, dict(sorted(verdicts.items())), other_words, dict(sorted(types.items())))


def _count(types: dict[str, TypeCounts], one: TextDifference) -> None:
    for type_ in one.same:
        types.setdefault(type_, TypeCounts()).same += 1
    for place in one.places:
        counts = types.setdefault(place.type, TypeCounts())
        setattr(counts, place.change, getattr(counts, place.change) + 1)
    for type_, characters in one.uncovered:
        types.setdefault(type_, TypeCounts()).uncovered += characters
