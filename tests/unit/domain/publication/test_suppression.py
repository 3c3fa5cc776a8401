"""The fewest cells are hidden, also beside a count of every possible choice; what cannot be protected is said."""

from itertools import combinations

import numpy as np
import pytest

from stream_processors.domain.publication.count_tables import CountTable
from stream_processors.domain.publication.policy import Attacker, Policy, Zeros
from stream_processors.domain.publication.suppression import Protection, suppress
from tests.properties.attacked_tables import cut, faults, known, limit
from tests.support.invented_tables import random_table, table_of
from tests.support.outsider import intervals, sums

STANDARD = Policy(attacker=Attacker.STANDARD)


def fewest(table: CountTable, policy: Policy) -> int:
    """How few hidden cells protect each other, by trying every choice in the order of its size."""
    bounds = known(suppress(table, policy, limit(10)), policy)
    counts = {cut(place): count for place, count in zip(table.places, table.counts, strict=True)}
    must = [place for place, count in counts.items() if 1 <= count <= policy.threshold]
    spare = [place for place, count in counts.items() if count > policy.threshold]
    for more in range(len(spare) + 1):
        for chosen in combinations(spare, more):
            hidden = {*must, *chosen}
            if any(sum(p in hidden for p in (total, *parts)) == 1 for total, parts in sums(list(counts))):
                continue  # alone in a sum
            seen = {place: None if place in hidden else count for place, count in counts.items()}
            if all(high - low >= policy.protection - 1e-6 for _, (low, high) in intervals(seen, bounds)):
                return len(hidden)
    raise AssertionError("nothing protects this table")


@pytest.mark.parametrize("policy", [Policy(), STANDARD], ids=["knows the rule", "standard"])
@pytest.mark.parametrize("seed", [3, 4, 9, 12, 18])
def test_as_few_are_hidden_as_the_best_of_all_choices_hides(seed: int, policy: Policy) -> None:
    table = random_table(seed, most=3)
    result = suppress(table, policy, limit(60))
    assert result.optimal
    assert result.hidden == fewest(table, policy)


def test_a_single_small_cell_takes_three_others_with_it() -> None:
    table = table_of(np.array([[4, 40, 50], [60, 30, 90], [70, 80, 20]]))
    result = suppress(table, Policy(), limit(60))
    assert (result.primary, result.complementary, result.optimal) == (1, 3, True)
    assert result.smallest_interval == 9  # who knows the rule knows no more of it than 1 to 10
    hidden = {place for place, count in zip(table.places, result.published, strict=True) if count is None}
    assert hidden == {("r0", "c0", ""), ("r0", "c1", ""), ("r1", "c0", ""), ("r1", "c1", "")}  # of small counts


def test_a_table_without_small_counts_is_published_whole() -> None:
    table = table_of(np.array([[40, 50], [60, 0]]))
    result = suppress(table, Policy(), limit(60))
    assert result.published == table.counts
    assert result.smallest_interval is None


def test_a_table_of_one_row_hides_the_totals_that_repeat_its_cells() -> None:
    result = suppress(table_of(np.array([[4, 40, 50]])), Policy(), limit(60))
    assert result.protection is Protection.FULL
    assert faults(result, Policy()) == []


def test_what_hiding_cannot_keep_from_one_who_knows_the_rule_is_kept_from_one_who_does_not_and_said() -> None:
    ones = table_of(np.ones((2, 5), dtype=int))  # a total of at most 10 over ten counts of at least 1
    result = suppress(ones, Policy(), limit(60))
    assert result.protection is Protection.STANDARD
    assert faults(result, Policy()) == []


def test_a_hidden_zero_is_no_weaker_than_a_small_count() -> None:
    table = table_of(np.array([[0, 40, 50], [60, 30, 90], [70, 80, 20]]))
    shown = suppress(table, Policy(), limit(60))
    hidden = suppress(table, Policy(zeros=Zeros.HIDDEN), limit(60))
    assert (shown.hidden, hidden.hidden) == (0, 4)


def test_a_cell_of_few_contributors_is_hidden_whatever_its_size() -> None:
    table = table_of(np.array([[400, 40, 50], [60, 30, 90], [70, 80, 20]]))
    many = {place: [count // 4] * 4 for place, count in zip(table.places, table.counts, strict=True)}
    assert suppress(table, Policy(), limit(60), many).hidden == 0
    few = suppress(table, Policy(), limit(60), many | {("r0", "c0", ""): [399, 1]})
    assert few.published[0] is None
    assert few.hidden == 4
