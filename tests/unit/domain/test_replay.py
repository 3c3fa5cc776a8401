"""Two versions on one text: every span of either side is counted once, and what would leave now is counted in characters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stream_processors.domain.deidentification.engine import Verdict
from stream_processors.domain.deidentification.replay import (
    Change,
    Comparison,
    Place,
    TextDifference,
    TypeCounts,
    comparison,
    difference,
)
from stream_processors.domain.deidentification.texts import FoundSpan, RedactedText

RELEASE, QUARANTINE = Verdict.RELEASE, Verdict.QUARANTINE
Extent = tuple[int, int, str]


def text(*spans: Extent, verdict: Verdict = RELEASE, words: str = "w") -> RedactedText:
    return RedactedText("t", tuple(FoundSpan(*span) for span in spans), words, verdict)


NAME, PHONE = (3, 8, "NAME"), (10, 22, "PHONE")
TABLE = [
    ([NAME, PHONE], [NAME, PHONE], [], {}, "the same"),
    ([NAME], [(0, 8, "NAME")], [Place(Change.MOVED, "NAME", (3, 8), (0, 8))], {}, "grew"),
    ([NAME], [(5, 8, "NAME")], [Place(Change.MOVED, "NAME", (3, 8), (5, 8))], {"NAME": 2}, "shrank"),
    ([NAME], [(3, 8, "ID")], [Place(Change.RETYPED, "NAME", (3, 8), (3, 8))], {}, "called otherwise"),
    ([NAME], [], [Place(Change.ONLY_BEFORE, "NAME", (3, 8))], {"NAME": 5}, "lost"),
    ([], [NAME], [Place(Change.ONLY_NOW, "NAME", now=(3, 8))], {}, "found"),
    (
        [NAME],
        [(0, 9, "FACILITY")],
        [Place(Change.ONLY_NOW, "FACILITY", now=(0, 9)), Place(Change.ONLY_BEFORE, "NAME", (3, 8))],
        {},
        "swallowed by another type: nothing leaves",
    ),
    (
        [(0, 10, "NAME")],
        [(0, 4, "NAME"), (5, 10, "NAME")],
        [Place(Change.MOVED, "NAME", (0, 10), (0, 4)), Place(Change.ONLY_NOW, "NAME", now=(5, 10))],
        {"NAME": 1},
        "cut in two",
    ),
]


@pytest.mark.parametrize(("before", "now", "places", "uncovered", "remark"), TABLE, ids=[row[4] for row in TABLE])
def test_what_became_of_a_span(
    before: list[Extent], now: list[Extent], places: list[Place], uncovered: dict[str, int], remark: str
) -> None:
    found = difference(text(*before), text(*now))
    assert list(found.places) == places, remark
    assert dict(found.uncovered) == uncovered, remark
    assert found.is_one is bool(places), remark


@pytest.mark.parametrize(("before", "now"), [(RELEASE, QUARANTINE), (QUARANTINE, RELEASE), (QUARANTINE, QUARANTINE)])
def test_where_one_version_withholds_the_text_the_verdict_is_compared_and_nothing_else(before: Verdict, now: Verdict) -> None:
    found = difference(text(NAME, verdict=before), text(verdict=now, words=""))
    assert found == TextDifference("t", (before, now))
    assert found.is_one is (before is not now)


def test_the_same_spans_with_other_words_are_a_difference() -> None:
    found = difference(text(NAME, words="[NAME-1]"), text(NAME, words="[NAME-2]"))
    assert (found.is_one, found.other_words, list(found.places)) == (True, True, [])


def test_texts_are_counted_by_verdict_and_by_type() -> None:
    pairs = [
        (text(NAME, PHONE), text(NAME, (12, 22, "PHONE"), words="v")),
        (text(NAME), text(NAME)),
        (text(NAME), text(verdict=QUARANTINE)),
        (text(verdict=QUARANTINE), text()),
        (text(verdict=QUARANTINE), text(verdict=QUARANTINE)),
    ]
    assert comparison(difference(*pair) for pair in pairs) == Comparison(
        texts=5,
        differing=3,
        verdicts={"quarantine -> release": 1, "release -> quarantine": 1},
        other_words=1,
        types={"NAME": TypeCounts(same=2), "PHONE": TypeCounts(moved=1, uncovered=2)},
    )


@st.composite
def results(draw: st.DrawFn) -> RedactedText:
    """Spans as an engine makes them: in order, none over another."""
    ends = sorted(draw(st.sets(st.integers(0, 40), max_size=12)))
    pairs = zip(ends[::2], ends[1::2], strict=False)
    return text(*((start, end, draw(st.sampled_from(["NAME", "ID", "DATE"]))) for start, end in pairs))


@given(results(), results())
def test_every_span_of_either_side_is_counted_once_and_what_is_lost_is_what_no_span_covers(
    before: RedactedText, now: RedactedText
) -> None:
    found = difference(before, now)
    for side, spans in (("before", before.spans), ("now", now.spans)):
        placed = [getattr(place, side) for place in found.places if getattr(place, side)]
        assert len(placed) == len(set(placed))
        assert len(found.same) + len(placed) == len(spans)
    gone = {place for span in now.spans for place in range(span.start, span.end)}
    lost = {place for span in before.spans for place in range(span.start, span.end)} - gone
    assert sum(count for _, count in found.uncovered) == len(lost)


@given(results(), results())
def test_the_other_way_round_lost_is_found_and_found_is_lost(before: RedactedText, now: RedactedText) -> None:
    there, back = comparison([difference(before, now)]), comparison([difference(now, before)])
    for kind in there.types.keys() | back.types.keys():
        one, other = there.types.get(kind, TypeCounts()), back.types.get(kind, TypeCounts())
        assert (one.same, one.moved, one.only_before, one.only_now) == (
            other.same,
            other.moved,
            other.only_now,
            other.only_before,
        )


@given(results())
def test_a_text_beside_itself_differs_in_nothing(one: RedactedText) -> None:
    assert not difference(one, one).is_one
