"""Counts of unique reports from rows, and the expectation with and without strata, held to openEBGM's hand calculations."""

import numpy as np
import pytest

from stream_processors.domain.signals.expectation import StratumMargins, expected
from stream_processors.domain.signals.pair_table import PairTable, ReportRow, tabulated
from stream_processors.domain.signals.scores import scores


def rows(*words: str) -> list[ReportRow]:
    """Each word a row: report, exposure, event, stratum, a letter or digit each."""
    return [ReportRow(*word) for word in words]


def told(table: PairTable, *columns: str) -> dict[str, tuple[float, ...]]:
    found = scores(table.counts, None)
    return {"".join(pair): tuple(found[name][place] for name in columns) for place, pair in enumerate(table.pairs)}


HAND = rows(*("0A1m", "1B2m", "2B2m", "3B3m", "4C3m", "5A2f", "6A3f", "7B3f", "8B3n", "9C1n"))
"""Ten reports of one row each, by sex and age band: openEBGM 0.9.1, tests/testthat/testA_Counts.R, `dat2`."""

HAND_RESULTS = [  # pair, n, E, RR, PRR, E and RR by strata: `hand` and `hand_s` of the same file
    ("A1", 1, 0.6, 1.6667, 2.3333, 0.2, 5.0),
    ("A2", 1, 0.9, 1.1111, 1.1667, 0.4 + 2 / 3, 0.9375),
    ("A3", 1, 1.5, 0.6667, 0.5833, 0.4 + 4 / 3, 0.5769),
    ("B2", 2, 1.5, 1.3333, 2.0, 1.2 + 1 / 3, 1.3043),
    ("B3", 3, 2.5, 1.2, 1.5, 1.7 + 2 / 3, 1.2676),
    ("C1", 1, 0.4, 2.5, 4.0, 0.7, 1.4286),
    ("C3", 1, 1.0, 1.0, 1.0, 0.9, 1.1111),
]


@pytest.mark.parametrize(("pair", "n", "e", "rr", "prr", "e_by_strata", "rr_by_strata"), HAND_RESULTS)
def test_the_hand_calculation(
    pair: str, n: int, e: float, rr: float, prr: float, e_by_strata: float, rr_by_strata: float
) -> None:
    pooled = told(tabulated(row._replace(stratum="") for row in HAND), "n", "e", "rr", "prr")[pair]
    assert pooled == pytest.approx((n, e, rr, prr), abs=5.1e-5)
    by_strata = told(tabulated(HAND), "n", "e", "rr", "prr")[pair]
    assert by_strata == pytest.approx((n, e_by_strata, rr_by_strata, prr), abs=5.1e-5), "strata do not change PRR"


def test_the_table_of_seventeen_reports() -> None:
    """openEBGM 0.9.1: (A,1) N=5, E=4.7647059, RR 1.05, PRR 1.11 and so on."""
    words = ["A1"] * 5 + ["A2"] * 4 + ["B1"] * 3 + ["B2"] * 4 + ["C1"]
    found = told(tabulated(ReportRow(str(number), *word) for number, word in enumerate(words)), "n", "e", "rr", "prr")
    assert found == {
        "A1": pytest.approx((5, 4.7647059, 1.05, 1.11), abs=0.0051),
        "A2": pytest.approx((4, 4.2352941, 0.94, 0.89), abs=0.0051),
        "B1": pytest.approx((3, 3.7058824, 0.81, 0.71), abs=0.0051),
        "B2": pytest.approx((4, 3.2941176, 1.21, 1.43), abs=0.0051),
        "C1": pytest.approx((1, 0.5294118, 1.89, 2.00), abs=0.0051),
    }


def test_a_report_counts_once_in_every_margin_whatever_it_names() -> None:
    counts = tabulated(rows("1A1", "1A1", "1A2", "1B1", "2A1")).counts
    assert counts.n_reports == 2
    assert (counts.n.tolist(), counts.n_exposure.tolist(), counts.n_event.tolist()) == ([2, 1, 1], [2, 2, 1], [2, 1, 2])


def test_pairs_come_in_the_order_of_their_code_points() -> None:
    texts = [("b", "x"), ("B", "x"), ("é", "x"), ("b", "X")]
    table = tabulated(ReportRow(str(number), *pair) for number, pair in enumerate(texts))
    assert table.pairs == sorted(texts)


def test_one_stratum_is_no_stratum() -> None:
    one = tabulated(row._replace(stratum="all") for row in HAND).counts
    assert (one.e == tabulated(row._replace(stratum="") for row in HAND).counts.e).all()


def test_a_report_in_two_strata_counts_in_each_of_them_and_once_in_all() -> None:
    counts = tabulated(rows("1A1f", "1A1m", "2A1m")).counts
    assert (counts.n.tolist(), counts.n_reports, counts.e.tolist()) == ([2], 2, [1 + 2])


def test_no_rows_have_no_pairs() -> None:
    table = tabulated([])
    assert (list(table.pairs), len(table.counts), table.counts.n_reports) == ([], 0, 0)


def test_an_empty_stratum_expects_nothing() -> None:
    nothing = StratumMargins(np.array([0]), np.array([0]), 0)
    some = StratumMargins(np.array([4]), np.array([5]), 40)
    assert expected([nothing, some], 1).tolist() == [0.5]
