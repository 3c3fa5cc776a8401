"""Scans against SaTScan and SpatialEpi, zones by hand, and the p-value that chance gives."""

import numpy as np
import pytest

from stream_processors.domain.signals.scan_statistic import binomial_ratio, poisson_ratio, scan
from stream_processors.domain.signals.scan_zones import circles, cylinders, intervals, neighbourhoods

POPULATION, CASES = 1_057_673, 552  # upstate New York, leukemia, 281 tracts


@pytest.mark.parametrize(
    ("cases", "population", "ratio"),
    [  # SaTScan v9.6, as carried by the tests of the R package smerc 1.8.4
        (100, 111_674, 14.083511),
        (38, 34_083, 9.019716),
        (64, 78_280, 6.114140),
        (25, 24_571, 4.651839),
        (12, 9_840, 3.363518),
        (11, 8_839, 3.209485),
        (85, 95_249, 11.577255),  # the strongest where a circle holds at most 10 %
    ],
)
def test_the_ratios_of_satscan(cases: int, population: int, ratio: float) -> None:
    found = poisson_ratio(cases, population * CASES / POPULATION, CASES)
    assert found == pytest.approx(ratio, abs=1e-6)


def test_lung_cancer_in_pennsylvania() -> None:
    """SpatialEpi 1.2.8: expectations are told to two decimals, which leaves two in the ratio."""
    assert poisson_ratio(1900, 1673.65, 10_279) == pytest.approx(17.66288, abs=2e-3)
    assert binomial_ratio(2359, 2008.22 / 10_279 * 12_281_054, 10_279, 12_281_054) == pytest.approx(36.57051, abs=2e-3)


def test_no_excess_is_no_ratio() -> None:
    assert poisson_ratio([3, 0, 0], [3, 1, 0], 10).tolist() == [0, 0, 0]
    assert binomial_ratio(1, 10, 20, 100) == 0


def test_intervals_by_hand() -> None:
    assert intervals(3, 2, now_only=True).tolist() == [[False, False, True], [False, True, True]]
    assert len(intervals(3, 2, now_only=False)) == 5


def test_circles_grow_by_distance_up_to_their_share() -> None:
    zones = circles(np.array([[0.0, 0], [1, 0], [5, 0]]), np.array([10.0, 10, 20]), 0.5)
    assert sorted(map(tuple, zones.astype(int).tolist())) == [(0, 0, 1), (0, 1, 0), (1, 0, 0), (1, 1, 0)]


def test_neighbourhoods_grow_ring_by_ring() -> None:
    chain = {0: [1], 1: [0, 2], 2: [1, 3], 3: [2]}
    zones = sorted(map(tuple, neighbourhoods(chain, 4, most=3).astype(int).tolist()))
    assert zones == [
        (0, 0, 0, 1),
        (0, 0, 1, 0),
        (0, 0, 1, 1),
        (0, 1, 0, 0),
        (0, 1, 1, 1),
        (1, 0, 0, 0),
        (1, 1, 0, 0),
        (1, 1, 1, 0),
    ]


def test_a_cluster_at_neighbours_in_one_month_is_found_where_it_is() -> None:
    ring = {at: [(at - 1) % 8, (at + 1) % 8] for at in range(8)}
    events = np.ones((8, 12))
    events[2:5, 11] = 6
    zones = cylinders(neighbourhoods(ring, 8, 3), intervals(12, 3, now_only=True))
    strongest, *_ = scan(events.ravel(), np.ones(96), zones, 199, seed=1)
    assert np.flatnonzero(zones[strongest.zone]).tolist() == [at * 12 + 11 for at in (2, 3, 4)]
    assert (strongest.events, strongest.p) == (18, 1 / 200)


def test_clusters_do_not_overlap_and_come_strongest_first() -> None:
    random = np.random.default_rng(1)
    zones = intervals(40, 10, now_only=False)
    clusters = scan(random.poisson(3, 40).astype(float), np.ones(40), zones, 99, seed=1)
    assert np.all(zones[[cluster.zone for cluster in clusters]].sum(axis=0) <= 1)
    ratios = [cluster.log_likelihood_ratio for cluster in clusters]
    assert ratios == sorted(ratios, reverse=True)


def test_the_same_seed_gives_the_same_p_and_chance_gives_a_uniform_one() -> None:
    random, zones = np.random.default_rng(2), intervals(20, 5, now_only=False)
    series = [random.multinomial(60, np.ones(20) / 20).astype(float) for _ in range(200)]
    strongest = [scan(one, np.ones(20), zones, 39, seed=at)[0].p for at, one in enumerate(series)]
    assert strongest[0] == scan(series[0], np.ones(20), zones, 39, seed=0)[0].p
    assert np.mean(np.array(strongest) <= 0.1) == pytest.approx(0.1, abs=0.065)  # three standard deviations
