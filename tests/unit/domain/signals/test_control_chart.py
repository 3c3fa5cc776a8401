"""Control charts against published limits, what baselines, exclusions and rebases mean, and points that cannot be charted."""

from collections.abc import Sequence
from math import nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stream_processors.domain.faults import Faulty
from stream_processors.domain.signals.anhoej import runs
from stream_processors.domain.signals.control_chart import Charted, Point, chart
from stream_processors.domain.signals.control_limits import LIMITS, sigma_z
from tests.unit.domain.signals import published_charts as published

EXACT = 1e-9
"""Relative, to numbers that the package stores in full."""


def points(y: Sequence[float], n: Sequence[float] | None = None, **common: object) -> list[Point]:
    sizes = n or [nan] * len(y)
    return [Point(f"row {at}", float(a), float(b), **common) for at, (a, b) in enumerate(zip(y, sizes, strict=True), 2)]  # type: ignore[arg-type]


def outside(charted: Sequence[Charted]) -> tuple[int, ...]:
    return tuple(at for at, point in enumerate(charted, 1) if point.out)


@pytest.mark.parametrize("example", published.MONTGOMERY)
def test_montgomerys_examples(example: str) -> None:
    is_ = published.MONTGOMERY[example]
    series = [
        Point("row", y, is_.n[at] if is_.n else nan, at < is_.baseline, at + 1 in is_.excluded) for at, y in enumerate(is_.y)
    ]
    charted = chart(is_.kind, series)
    last = charted[-1]
    assert (last.centre, last.lower, last.upper) == pytest.approx((is_.centre, is_.lower, is_.upper), rel=EXACT)
    assert outside(charted) == is_.out
    assert (last.runs.longest_run, last.runs.crossings, last.runs.signal) == (is_.longest_run, is_.crossings, is_.signal)


@pytest.mark.parametrize(
    ("y", "n", "centre", "lower", "upper", "prime", "longest", "crossings"),
    [
        (published.BAC, published.DAYS, 8.12769e-4, 0.0005410153750, 0.0010845217630, 0.84872, 3, 13),
        (published.CDI, published.CDI_DAYS, 6.121737e-4, 0.0003682219818, 0.0008561253734, 0.99432, 6, 8),
        (published.UTI, published.UTI_DAYS, 4.224020e-3, 0.0035682945026, 0.0048797455077, 1.00105, 4, 11),
    ],
)
def test_hospital_infections(  # qicharts2 0.8.1, tests/testthat/hai_2.rds: mean limits; sigma_z is recomputed
    y: tuple[int, ...],
    n: tuple[float, ...],
    centre: float,
    lower: float,
    upper: float,
    prime: float,
    longest: int,
    crossings: int,
) -> None:
    charted = chart("u", points(y, n))
    assert charted[0].centre == pytest.approx(centre, rel=1e-6)
    assert np.mean([point.lower for point in charted]) == pytest.approx(lower, rel=1e-7)
    assert np.mean([point.upper for point in charted]) == pytest.approx(upper, rel=1e-7)
    found = charted[0].runs
    assert (found.longest_run, found.crossings, found.signal) == (longest, crossings, False)
    assert (found.longest_run_limit, found.crossings_limit) == (8, 8)
    wider = chart("up", points(y, n))
    factor = (wider[0].upper - wider[0].centre) / (charted[0].upper - charted[0].centre)
    assert factor == pytest.approx(prime, abs=5e-6)


def test_laney_is_what_a_health_system_needs() -> None:
    """nhs_accidents: 16 of 20 weeks are outside the p chart, none outside the p' chart (sigma_z 10.640)."""
    plain, prime = (chart(kind, points(published.SEEN, published.ATTENDED)) for kind in ("p", "pp"))
    assert plain[0].centre == pytest.approx(0.9529, abs=5e-5)
    assert (len(outside(plain)), len(outside(prime))) == (16, 0)
    assert (prime[0].upper - prime[0].centre) / (plain[0].upper - plain[0].centre) == pytest.approx(10.640, abs=5e-4)


def test_a_rebase_gives_limits_and_runs_of_their_own() -> None:
    """Montgomery 7.1, rebased after 30 points (qicharts2 ex_7.1_5)."""
    series = [
        Point("row", y, 50, True, at in (14, 22), "before" if at < 30 else "after") for at, y in enumerate(published.CANS)
    ]
    charted = chart("p", series)
    assert (charted[0].centre, charted[30].centre) == pytest.approx((0.215, 0.1096875), rel=EXACT)
    assert charted[30].upper == pytest.approx(0.24226995518120034, rel=EXACT)
    assert (charted[0].runs.crossings, charted[30].runs.crossings, charted[30].runs.longest_run) == (13, 30, 7)
    assert outside(charted) == (15, 21, 23)


def test_the_nhs_leaves_out_one_outlying_moving_range_and_multiplies_by_2_66() -> None:
    """By hand: ranges 1 1 1 1 1 1 1 1 20 20, mean 4.8; 3.267 x 4.8 = 15.7 drops both 20s, so the limits are 2.66 away."""
    y = [1, 2, 1, 2, 1, 2, 1, 2, 1, 21, 1]
    (nhs, *_), (plain, *_) = chart("xmr_nhs", points(y)), chart("i", points(y))
    assert nhs.upper - nhs.centre == pytest.approx(2.66)
    assert plain.upper - plain.centre == pytest.approx(3 / 1.128 * 4.8)


def test_a_g_chart_has_limits_about_the_mean_and_runs_about_the_median() -> None:
    (first, *_) = chart("g", points([0, 1, 2, 3, 14]))
    assert (first.centre, first.lower) == (2, 0)
    assert first.upper == pytest.approx(4 + 3 * (4 * 5) ** 0.5)


def test_individuals_with_denominators_are_rates() -> None:
    with_n, without = chart("i", points([4, 9, 6], [2, 3, 3])), chart("i", points([2, 3, 2]))
    assert with_n == without


@pytest.mark.parametrize(
    ("values", "centre", "longest", "crossings"),
    [
        ([1, 1, 0, 1, 0, 0, 0], 0.5, 3, 3),
        ([1, 0.5, 1, nan, 1, 0], 0.5, 3, 1),  # on the line is no useful point, missing is none
        ([0.1 + 0.2, 1, 0], 0.3, 1, 1),  # 0.30000000000000004 lies on the line
        ([0.5, 0.5], 0.5, None, None),
    ],
)
def test_runs_and_crossings(values: list[float], centre: float, longest: int | None, crossings: int | None) -> None:
    found = runs(np.array(values), centre)
    assert (found.longest_run, found.crossings) == (longest, crossings)


@pytest.mark.parametrize(("useful", "longest", "crossings"), [(10, 6, 2), (20, 7, 6), (28, 8, 9), (44, 8, 16), (64, 9, 25)])
def test_the_published_limits_of_runs(useful: int, longest: int, crossings: int) -> None:  # stored in qicharts2
    found = runs(np.tile([0.0, 1.0], useful)[:useful], 0.5)
    assert (found.longest_run_limit, found.crossings_limit) == (longest, crossings)


@pytest.mark.parametrize(
    ("kind", "series", "reason"),
    [
        ("u", [(1, 0), (1, 5)], "zero where something was counted"),
        ("u", [(1, -1), (1, 5)], "column n: negative"),
        ("p", [(6, 5), (1, 5)], "column y: more than n"),
        ("c", [(-1, nan), (1, nan)], "a negative count"),
        ("t", [(0, nan), (1, nan)], "above zero"),
        ("i", [(3, nan)], "fewer than 2 baseline points"),
        ("u", [(nan, 4)], "fewer than 1 baseline points"),
        ("i", [(3, 1), (4, nan)], "some points of this chart have one"),
    ],
)
def test_points_that_cannot_be_charted(kind: str, series: list[tuple[float, float]], reason: str) -> None:
    with pytest.raises(Faulty, match=reason):
        chart(kind, points(*zip(*series, strict=True)))


def test_a_rebase_group_in_two_pieces_is_refused() -> None:
    with pytest.raises(Faulty, match="not in one piece"):
        chart("c", [Point("row 2", 1, nan, rebase_group=group) for group in "aba"])


def test_a_missing_point_is_no_point() -> None:
    series = points([3, nan, 5], [10, 10, 10])
    charted = chart("u", series)
    assert np.isnan(charted[1].value)
    assert (charted[0].centre, charted[1].out, charted[0].runs.useful) == (0.4, False, 2)


def test_sigma_z_of_a_baseline_that_cannot_vary_is_zero() -> None:
    assert sigma_z(np.zeros(3), np.zeros(3)) == 0
    assert outside(chart("up", points([0, 0, 0], [5, 6, 7]))) == ()


counts = st.lists(st.integers(1, 50), min_size=3, max_size=40)


@given(counts, st.sampled_from(sorted(LIMITS)))
def test_what_comes_after_the_baseline_moves_no_limit(y: list[int], kind: str) -> None:
    before = [Point("row", value, 60) for value in y]
    later = [*before, Point("row", 55, 60, in_baseline=False)]
    assert [(p.centre, p.lower, p.upper) for p in chart(kind, before)] == [
        (p.centre, p.lower, p.upper) for p in chart(kind, later)[:-1]
    ]


@given(counts, st.sampled_from(sorted(LIMITS)))
def test_the_centre_lies_within_limits_that_are_possible(y: list[int], kind: str) -> None:
    for point in chart(kind, [Point("row", value, 60) for value in y]):
        assert point.lower <= point.centre <= point.upper or kind == "g"
        assert kind in ("i", "xmr_nhs") or point.lower >= 0
        assert kind not in ("p", "pp") or point.upper <= 1
