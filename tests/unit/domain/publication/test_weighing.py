"""Where nobody chose: the informed attacker is kept out where a quarter more cells does it, and otherwise it is said."""

import numpy as np
import pytest

from stream_processors.domain.publication.policy import Attacker, Policy
from stream_processors.domain.publication.suppression import Protection, suppress
from stream_processors.domain.publication.weighing import MOST, weighed
from tests.properties.attacked_tables import faults, limit
from tests.support.invented_tables import random_table, table_of

STANDARD = Policy(attacker=Attacker.STANDARD)
DEAR = table_of(np.array([[[2, 40], [30, 50]], [[60, 8], [70, 90]]]))
"""In a cube of eight two small counts rise and fall together: who knows that both lie in 1 to 10 knows each but for 3."""


def test_a_choice_for_the_standard_attacker_that_also_keeps_the_informed_out_is_taken_as_it_is() -> None:
    table = table_of(np.array([[4, 40, 50], [60, 30, 90], [70, 80, 20]]))
    result = weighed(table, Policy(), limit(60))
    assert (result.protection, result.hidden, result.at_least_standard, result.exposed) == (Protection.FULL, 4, 4, 0)
    assert result.optimal


@pytest.mark.parametrize("seed", [6, 12, 21])
def test_the_informed_attacker_is_kept_out_within_the_allowance(seed: int) -> None:
    table = random_table(seed)
    result, plain = weighed(table, Policy(), limit(60)), suppress(table, STANDARD, limit(60))
    assert result.at_least_standard == plain.at_least == plain.hidden
    assert result.hidden <= MOST * plain.hidden
    assert faults(result, Policy()) == []


def test_what_cannot_be_kept_from_the_informed_attacker_is_kept_from_the_other_and_counted() -> None:
    ones = table_of(np.ones((2, 5), dtype=int))
    result = weighed(ones, Policy(), limit(60))
    assert result.protection is Protection.STANDARD
    assert 0 < result.exposed <= result.hidden <= MOST * (result.at_least_standard or 0)
    assert faults(result, Policy()) == []


def test_where_keeping_the_informed_out_costs_more_than_the_allowance_the_standard_attacker_counts_and_it_is_said() -> None:
    result, informed = weighed(DEAR, Policy(), limit(60)), suppress(DEAR, Policy(), limit(60))
    assert (informed.protection, informed.exposed) == (Protection.FULL, 0)
    assert informed.hidden > MOST * 8
    assert (result.protection, result.hidden, result.at_least_standard, result.exposed) == (Protection.STANDARD, 8, 8, 8)
    assert faults(result, Policy()) == []


def test_the_same_table_is_weighed_in_the_same_way() -> None:
    table = random_table(6)
    assert weighed(table, Policy(), limit(60)) == weighed(table, Policy(), limit(60))


def test_a_table_that_nothing_protects_is_hidden_whole() -> None:
    result = weighed(table_of(np.array([[3]])), Policy(), limit(60))
    assert set(result.published) == {None}
