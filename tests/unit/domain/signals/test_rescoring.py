"""Scores that follow changed counts: the same as a batch, counted looks, nothing said of counts that do not fit yet."""

import numpy as np
import pytest

from stream_processors.domain.signals.hyperparameters import Hyperparameters
from stream_processors.domain.signals.pair_table import ReportRow, tabulated
from stream_processors.domain.signals.report_counts import ALL, Margin
from stream_processors.domain.signals.rescored_pair import METHOD, CountChanged, RescoredPair
from stream_processors.domain.signals.rescoring import Pool, every_pair, fold, outputs, refit
from stream_processors.domain.signals.scores import COLUMNS, scores

THETA = Hyperparameters(3.25379356, 0.39988854, 2.02612692, 1.90807970, 0.06534557)
AIR = Margin("pump", "air")


def change(margin: Margin, reports: int, version: int = 1, contributor: str = "p1", partition: int = 0) -> CountChanged:
    return CountChanged(margin, contributor, partition, reports, version)


def table(
    n: int, n_exposure: int, n_event: int, n_reports: int, version: int = 1, contributor: str = "p1"
) -> list[CountChanged]:
    counts = zip((AIR, Margin("pump"), Margin(None, "air"), ALL), (n, n_exposure, n_event, n_reports), strict=True)
    return [change(margin, reports, version, contributor) for margin, reports in counts]


def rescored(pool: Pool, *said: CountChanged) -> list[RescoredPair]:
    return list(outputs(pool, fold(pool, said), 3, 41))


def pool() -> Pool:
    return Pool(THETA, "2026-11")


def test_a_touched_pair_is_scored_as_a_batch_would() -> None:
    reports = [ReportRow(str(n), "pump", "air") for n in range(16)] + [ReportRow(str(n), "bed", "fall") for n in range(99)]
    batch = tabulated(reports)
    place = batch.pairs.index(("pump", "air"))
    expected = [column[place] for column in scores(batch.counts, THETA).values()]
    (found,) = rescored(pool(), *table(16, 16, 16, 99))
    assert [getattr(found, name) for name in COLUMNS] == pytest.approx(expected, nan_ok=True)
    assert found[:8] == (METHOD, "2026-11", "pump", "air", 1, 1, 3, 41)


def test_contributors_are_counted_and_add_up_and_are_not_named() -> None:
    (found,) = rescored(
        pool(), *table(2, 4, 5, 50), *table(3, 6, 5, 50, contributor="p2"), *table(0, 0, 0, 9, contributor="p3")
    )
    assert (found.n, found.n_exposure, found.n_event, found.n_reports, found.contributors) == (5, 10, 10, 109, 2)
    assert not {"p1", "p2", "p3"} & set(map(str, found))


def test_partitions_of_one_contributor_add_up_to_one_contributor() -> None:
    there = [change(said.margin, said.reports, 1, "p1", 1) for said in table(1, 2, 2, 20)]
    (found,) = rescored(pool(), *table(2, 4, 5, 50), *there)
    assert (found.n, found.n_reports, found.contributors) == (3, 70, 1)


def test_a_withdrawn_report_takes_the_score_back() -> None:
    state = pool()
    (raised,) = rescored(state, *table(6, 8, 9, 5000))
    (taken_back,) = rescored(state, *table(0, 2, 3, 4994, version=2))
    assert (raised.eb05 >= 2, taken_back.eb05 >= 2) == (True, False)
    assert (taken_back.n, taken_back.contributors) == (0, 0)


def test_the_highest_version_of_a_place_counts_whatever_the_order() -> None:
    state = pool()
    rescored(state, *table(6, 8, 9, 5000, version=7))
    (found,) = rescored(state, *table(1, 1, 1, 10, version=6))
    assert (found.n, found.n_reports) == (6, 5000)


def test_a_look_is_counted_once_for_the_same_counts() -> None:
    state = pool()
    looks = [rescored(state, *said)[0].look for said in (table(1, 2, 2, 20), table(1, 2, 2, 20), table(2, 3, 3, 21, version=2))]
    assert looks == [1, 1, 2]


def test_a_pair_whose_margin_is_still_under_way_waits_for_it() -> None:
    state = pool()
    pair, *margins = table(1, 2, 2, 20)
    assert rescored(state, pair) == []
    (found,) = rescored(state, *margins)
    assert (found.exposure, found.n, found.look) == ("pump", 1, 1)
    assert state.waiting == set()


def test_margins_alone_score_nothing() -> None:
    state = pool()
    rescored(state, *table(1, 2, 2, 20))
    assert rescored(state, change(Margin("pump"), 3, version=2), change(ALL, 21, version=2)) == []


def test_pairs_are_said_in_their_order() -> None:
    names = [("pump", "air"), ("bed", "fall"), ("pump", "Air")]
    margins = [*(Margin(x) for x, _ in names), *(Margin(None, y) for _, y in names), *(Margin(*pair) for pair in names)]
    found = rescored(pool(), change(ALL, 100), *(change(margin, 3) for margin in margins))
    assert [(pair.exposure, pair.event) for pair in found] == sorted(names)


def test_a_refit_pins_the_prior_of_the_pool_and_every_pair_can_be_scored_with_it() -> None:
    chance = np.random.default_rng(5)
    names = [(f"x{x}", f"y{y}") for x in range(20) for y in range(20)]
    cells = dict(zip(names, (chance.poisson(chance.gamma(2.0, 2.0, 400)) + 0).tolist(), strict=True))
    margins = {ALL: sum(cells.values())}
    for (exposure, event), n in cells.items():
        for margin in (Margin(exposure), Margin(None, event)):
            margins[margin] = margins.get(margin, 0) + n
    state = pool()
    rescored(state, *(change(margin, n) for margin, n in margins.items()), *(change(Margin(*k), n) for k, n in cells.items()))
    found = refit(state, "2026-12")
    assert (found.converged, found.pairs) == (True, sum(n > 0 for n in cells.values()))
    assert (state.theta, state.prior) == (found.theta, "2026-12")
    again = list(outputs(state, every_pair(state), 0, 1))
    assert len(again) == 400
    assert {pair.prior for pair in again} == {"2026-12"}
    assert {pair.look for pair in again} == {1}, "the counts are those of the last look"
