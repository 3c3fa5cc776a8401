"""Headers are an allow-list of codes and coordinates."""

import pytest

from schemas import headers
from schemas.headers import Death, Position, Trail, without_death

POSITION = Position("pso-events-submitted-arr-7k2q", 3, 41)
TRAIL = Trail(POSITION, 1_770_000_000_000)
DEATH = Death("invalid_field", "patient.given", "validate", POSITION, "pso-stream 0.1.0")


def test_a_position_is_read_back_from_its_words() -> None:
    assert Position.parse(str(POSITION)) == POSITION
    assert Position.parse("name:with:colons:0:7") == Position("name:with:colons", 0, 7)


@pytest.mark.parametrize("text", ["", "topic", "topic:1", "topic:x:1", "topic:1:"])
def test_what_is_no_position_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        Position.parse(text)


def test_a_trail_and_a_death_are_read_back_from_their_headers() -> None:
    pairs = [*TRAIL.pairs(), *DEATH.pairs(), ("traceparent", b"00")]
    assert Trail.of(pairs) == TRAIL
    assert Death.of(pairs) == DEATH


BROKEN = [
    (None, "no headers"),
    ([], "an empty list"),
    ([(headers.ORIGIN, b"topic:1:2")], "half a trail"),
    ([(headers.ORIGIN, b"\xff:1:2"), (headers.ACCEPTED_AT, b"1")], "no UTF-8"),
    ([(headers.ORIGIN, b"nonsense"), (headers.ACCEPTED_AT, b"1")], "no position"),
    ([(headers.ORIGIN, b"topic:1:2"), (headers.ACCEPTED_AT, b"noon")], "no number"),
    ([(headers.ORIGIN, None), (headers.ACCEPTED_AT, b"1")], "a header without a value"),
]


@pytest.mark.parametrize(("pairs", "remark"), BROKEN, ids=[row[1] for row in BROKEN])
def test_headers_that_anybody_may_have_written_give_no_trail_and_no_error(
    pairs: list[tuple[str, bytes]] | None, remark: str
) -> None:
    assert Trail.of(pairs) is None, remark
    assert Death.of(pairs) is None, remark


@pytest.mark.parametrize("lost", range(5))
def test_half_a_death_is_none(lost: int) -> None:
    pairs = DEATH.pairs()
    assert Death.of(pairs[:lost] + pairs[lost + 1 :]) is None


def test_a_dead_letter_gives_back_the_headers_it_came_with() -> None:
    original = [("traceparent", b"00"), *TRAIL.pairs()]
    assert without_death([*original, *DEATH.pairs()]) == original
    assert without_death(None) == []
