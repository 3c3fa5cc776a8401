"""Pauses that grow, limits that stop, and stalls that are noticed."""

import pytest

from stream_processors.domain.rejection import Unavailable
from stream_processors.runtime.limits import TooManyUnexpected, UnexpectedLimit
from stream_processors.runtime.stall import StallWatch
from stream_processors.runtime.waiting import LONGEST, Waiting


def test_pauses_double_up_to_the_longest_and_begin_again() -> None:
    waiting = Waiting("anonymize")
    pauses = [waiting.away(Unavailable("postgresql", 0.2)) for _ in range(8)]
    assert pauses[:3] == [0.2, 0.4, 0.8]
    assert pauses[-1] == LONGEST
    assert waiting.reason == "postgresql"
    waiting.back()
    assert waiting.reason is None
    assert waiting.away(Unavailable("postgresql", 0.2)) == 0.2


def test_failures_in_a_row_stop_the_worker_and_a_success_between_them_does_not() -> None:
    limit = UnexpectedLimit(consecutive=3, ratio=1.0)
    for unexpected in (True, True, False, True, True):
        limit.saw(0, unexpected)
    with pytest.raises(TooManyUnexpected):
        limit.saw(0, unexpected=True)


def test_a_share_of_failures_stops_the_worker_only_once_there_are_enough_records() -> None:
    limit = UnexpectedLimit(consecutive=1000, ratio=0.1)
    for number in range(90):
        limit.saw(0, unexpected=number % 2 == 0)
    for _ in range(9):
        limit.saw(0, unexpected=False)
    with pytest.raises(TooManyUnexpected):
        limit.saw(0, unexpected=True)


def test_partitions_are_counted_apart() -> None:
    limit = UnexpectedLimit(consecutive=2, ratio=1.0)
    limit.saw(0, unexpected=True)
    limit.saw(1, unexpected=True)


@pytest.mark.parametrize(
    ("seen", "expected", "remark"),
    [
        ([(0, 0, 5), (50, 0, 5)], 0, "nothing waits"),
        ([(0, 9, 5), (50, 9, 6)], 0, "it moves"),
        ([(0, 9, 5), (50, 9, 5)], 50, "work waits and nothing moves"),
        ([(0, 9, 5), (30, 9, 6), (50, 12, 6)], 20, "it moved last at 30"),
        ([(0, 0, 5), (50, 9, 5)], 50, "counted from the last time all was well"),
    ],
)
def test_a_stall_is_work_that_waits_while_nothing_moves(
    seen: list[tuple[float, int, int]], expected: float, remark: str
) -> None:
    watch = StallWatch(limit=30)
    assert [watch.saw(*look) for look in seen][-1] == expected, remark


def test_a_step_that_waits_for_something_away_is_not_stalled() -> None:
    watch = StallWatch(limit=30)
    watch.saw(0, 9, 5)
    watch.excused(40)
    assert watch.saw(50, 9, 5) == 10
