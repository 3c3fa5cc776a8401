"""PRR, ROR, chi-square, relative report rate and information component, held to published and recomputed figures.

(C): computed from the cited formula by another program than this one, as the domain papers of the project state it.
"""

import math

import numpy as np
import pytest

from stream_processors.domain.signals.chi_square import chi_square_yates
from stream_processors.domain.signals.contingency import ImpossibleCounts, PairCounts
from stream_processors.domain.signals.information_component import (
    below,
    information_component,
    information_component_approximate,
    quantile,
)
from stream_processors.domain.signals.proportional_reporting_ratio import proportional_reporting_ratio
from stream_processors.domain.signals.relative_report_rate import relative_report_rate
from stream_processors.domain.signals.reporting_odds_ratio import reporting_odds_ratio
from stream_processors.domain.signals.scores import COLUMNS, scores
from tests.unit.domain.signals.tables import counts, observed

STRONG, WEAK = (25, 75, 125, 9775), (3, 97, 20, 9880)
HALF_OF_THE_LAST_DIGIT = 5.1e-6


@pytest.mark.parametrize(
    ("table", "column", "expected", "source"),
    [
        (STRONG, "e", 1.5, "(a+b)(a+c)/N"),
        (STRONG, "prr", 19.80000, "(C) Evans 2001"),
        (STRONG, "prr_lo", 13.51927, "(C) Evans 2001"),
        (STRONG, "prr_hi", 28.99862, "(C) Evans 2001"),
        (STRONG, "ror", 26.06667, "(C) van Puijenbroek 2002"),
        (STRONG, "ror_lo", 16.03618, "(C) van Puijenbroek 2002"),
        (STRONG, "ror_hi", 42.37113, "(C) van Puijenbroek 2002"),
        (STRONG, "chi2_yates", 361.65376, "(C) Yates 1934"),
        (STRONG, "ic", 3.67243, "(C) Noren 2013"),
        (STRONG, "ic025_approx", 3.00340, "(C) Noren 2013"),
        (STRONG, "ic025", 3.05145, "(C) Noren 2013"),
        (WEAK, "e", 0.23, "(a+b)(a+c)/N"),
        (WEAK, "prr", 14.85000, "(C) Evans 2001"),
        (WEAK, "prr_lo", 4.48430, "(C) Evans 2001"),
        (WEAK, "prr_hi", 49.17659, "(C) Evans 2001"),
        (WEAK, "ror", 15.27835, "(C) van Puijenbroek 2002"),
        (WEAK, "ror_lo", 4.46628, "(C) van Puijenbroek 2002"),
        (WEAK, "ror_hi", 52.26450, "(C) van Puijenbroek 2002"),
        (WEAK, "chi2_yates", 22.68238, "(C) Yates 1934"),
        (WEAK, "ic", 2.26139, "(C) Noren 2013"),
        (WEAK, "ic025_approx", 0.19202, "(C) Noren 2013"),
        (WEAK, "ic025", 0.21094, "(C) Noren 2013"),
    ],
)
def test_a_table_of_ten_thousand_reports(table: tuple[int, ...], column: str, expected: float, source: str) -> None:
    assert scores(counts(table), None)[column][0] == pytest.approx(expected, abs=HALF_OF_THE_LAST_DIGIT), source


@pytest.mark.parametrize(
    ("n", "e", "ic", "approximate", "exact"),
    [
        (1, 0.01, 1.55639, -2.22671, -2.24083),
        (3, 0.5, 1.80735, -0.26201, -0.24309),
        (10, 2.0, 2.07039, 0.99320, 1.04025),
        (100, 50.0, 0.99284, 0.66168, 0.69608),
    ],
)
def test_the_information_component_and_its_lower_bounds(n: int, e: float, ic: float, approximate: float, exact: float) -> None:
    """(C) Noren, Hopstadius and Bate 2013."""
    given = observed([n], [e])
    found = (information_component(given).value, information_component_approximate(given).low, information_component(given).low)
    assert [column[0] for column in found] == pytest.approx([ic, approximate, exact], abs=HALF_OF_THE_LAST_DIGIT)


def test_the_upper_bounds_of_the_information_component_are_near_each_other() -> None:
    given = observed([3, 10, 100], [0.5, 2.0, 50.0])
    np.testing.assert_allclose(information_component(given).high, information_component_approximate(given).high, atol=0.06)


def test_the_lower_bound_of_the_information_component_has_its_probability_below_it() -> None:
    n, e = np.array([7.0]), np.array([2.5])
    assert below(n, e, float(quantile(n, e, 0.025)[0]))[0] == pytest.approx(0.025)


def test_the_first_pairs_of_the_fda_extract() -> None:
    """openEBGM 0.9.1 on CAERS: N=1 of 3,356 reports; RR 27.74 and PRR 27.96, RR 258.15 and PRR 279.58, RR 3356 and PRR Inf."""
    given = counts((1, 0, 120, 3235), (1, 0, 12, 3343), (1, 0, 0, 3355))
    np.testing.assert_allclose(given.e, [0.0360548272, 0.0038736591, 0.0002979738], rtol=1e-7)
    np.testing.assert_allclose(relative_report_rate(given), [27.74, 258.15, 3356], atol=0.005)
    np.testing.assert_allclose(proportional_reporting_ratio(given).value, [27.96, 279.58, math.inf], atol=0.005)


EDGES = [
    ((1, 9, 0, 90), "prr", math.inf, "no other exposure has the event: infinite, as in openEBGM"),
    ((1, 9, 0, 90), "prr_lo", math.nan, "and without interval"),
    ((1, 9, 0, 90), "ror", math.nan, "c = 0: undefined, nothing is added to the cells"),
    ((1, 0, 9, 90), "ror", math.nan, "b = 0 as well"),
    ((1, 0, 9, 90), "prr", 11.0, "every report of the exposure has the event: PRR is defined"),
    ((0, 10, 9, 81), "prr", 0.0, "nobody reported the pair"),
    ((0, 10, 9, 81), "prr_hi", math.nan, "0 has no logarithm"),
    ((0, 10, 9, 81), "ror", 0.0, "nobody reported the pair"),
    ((5, 5, 5, 0), "ror", 0.0, "d = 0"),
    ((5, 5, 5, 0), "ror_hi", math.nan, "and no interval"),
    ((5, 95, 0, 0), "prr", math.nan, "every report has the exposure: nothing to compare with"),
    ((5, 95, 0, 0), "chi2_yates", math.nan, "a margin is whole"),
    ((5, 0, 95, 0), "chi2_yates", math.nan, "the other margin is whole"),
    ((98, 1, 1, 0), "chi2_yates", 0.0, "just as expected: the correction does not go past it"),
    ((1, 9, 9, 81), "chi2_yates", 0.0, "just as expected"),
    ((1, 9, 9, 81), "rr", 1.0, "just as expected"),
    ((0, 0, 5, 95), "rr", math.nan, "nothing observed, nothing expected"),
    ((0, 0, 5, 95), "ic", 0.0, "which says nothing"),
    ((0, 0, 5, 95), "prr", math.nan, "an exposure that nobody reports"),
]


@pytest.mark.parametrize(("table", "column", "expected", "remark"), EDGES)
def test_empty_cells_and_whole_margins(table: tuple[int, ...], column: str, expected: float, remark: str) -> None:
    assert scores(counts(table), None)[column][0] == pytest.approx(expected, nan_ok=True), remark


@pytest.mark.parametrize(
    ("n", "n_exposure", "n_event", "n_reports", "e"),
    [
        (5, 4, 9, 20, 1.0),
        (5, 9, 4, 20, 1.0),
        (1, 21, 4, 20, 1.0),
        (1, 4, 21, 20, 1.0),
        (-1, 4, 4, 20, 1.0),
        (1, 4, 4, 20, -1.0),
        (1, 4, 4, 20, math.nan),
    ],
)
def test_counts_that_no_reports_can_have_are_refused(n: int, n_exposure: int, n_event: int, n_reports: int, e: float) -> None:
    with pytest.raises(ImpossibleCounts):
        PairCounts(np.array([n]), np.array([n_exposure]), np.array([n_event]), n_reports, np.array([e]))


def test_a_report_with_both_and_not_the_pair_leaves_all_but_the_odds_ratio() -> None:
    """Reports 1: a/y, b/x and 2: a/x. Both have a and x, one has the pair: b and c hold report 1 twice, d is -1."""
    found = scores(PairCounts(np.array([1]), np.array([2]), np.array([2]), 2, np.array([2.0])), None)
    assert np.isnan(found["ror"][0])
    assert (found["rr"][0], found["chi2_yates"][0]) == pytest.approx((0.5, math.nan), nan_ok=True)


def test_columns_of_several_lengths_are_refused() -> None:
    with pytest.raises(ImpossibleCounts):
        PairCounts(np.array([1]), np.array([2, 2]), np.array([2]), 9, np.array([1.0]))


def test_without_hyperparameters_nothing_is_shrunk() -> None:
    found = scores(counts(STRONG), None)
    assert tuple(found) == COLUMNS
    assert all(math.isnan(found[column][0]) for column in ("ebgm", "eb05", "eb95"))


@pytest.mark.parametrize("method", [relative_report_rate, chi_square_yates])
def test_no_pairs_have_no_scores(method: object) -> None:
    nothing = np.zeros(0, dtype=np.int64)
    assert len(method(PairCounts(nothing, nothing, nothing, 0, np.zeros(0)))) == 0  # type: ignore[operator]


def test_the_two_ratios_agree_where_the_event_is_rare() -> None:
    given = counts((10, 990, 20, 98_980))
    assert proportional_reporting_ratio(given).value[0] == pytest.approx(reporting_odds_ratio(given).value[0], rel=0.011)
