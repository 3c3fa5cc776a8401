"""A provider at which the classifier answers otherwise than elsewhere is found, and chance and small numbers are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stream_processors.domain.classification.drift import LEAST_EVENTS, Window, differences


def window(provider: str, part: int, whole: int, month: str = "2026-01", classifier: str = "linear 2") -> Window:
    return Window(provider, month, classifier, whole, {"silent": (part, whole)})


EVERYBODY = [window("a", 20, 200), window("b", 22, 210), window("c", 18, 190)]


def test_a_provider_with_another_share_is_found_with_both_shares() -> None:
    (found,) = differences([*EVERYBODY, window("d", 90, 200)])
    assert (found.window.provider, found.figure, found.share, found.others) == ("d", "silent", 0.45, 0.1)
    assert found.score == pytest.approx(10.98, abs=0.01)  # (0.45 - 0.1) / sqrt(0.1875 * 0.8125 * (1 / 200 + 1 / 600))


def test_equal_shares_are_no_difference() -> None:
    assert differences(EVERYBODY) == []
    assert differences([window("a", 0, 100), window("b", 0, 100)]) == []


def test_other_months_and_other_models_are_no_comparison() -> None:
    assert differences([*EVERYBODY, window("d", 90, 200, month="2026-02"), window("e", 90, 200, classifier="own 1")]) == []


@given(st.integers(0, LEAST_EVENTS - 1), st.integers(0, 500))
def test_too_few_events_are_not_compared(few: int, many: int) -> None:
    assert differences([window("a", 0, few), window("b", many, many)], look=0) == []


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(1, 400)), min_size=2, max_size=6), st.floats(0, 8))
def test_what_is_found_reaches_the_score_that_was_asked_for_and_the_farthest_comes_first(
    counts: list[tuple[int, int]], look: float
) -> None:
    windows = [window(str(row), min(part, whole), whole) for row, (part, whole) in enumerate(counts)]
    scores = [abs(one.score) for one in differences(windows, look)]
    assert all(score >= look for score in scores)
    assert scores == sorted(scores, reverse=True)
