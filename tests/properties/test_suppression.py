"""No hidden count can be narrowed to less than the policy asks, whatever the table and whoever attacks."""

import pytest

from stream_processors.domain.publication.policy import Policy
from stream_processors.domain.publication.suppression import suppress
from tests.properties.attacked_tables import attack, attack_weighed, faults, limit
from tests.support.invented_tables import random_table

TABLES = 25  # python -m tests.properties.attacked_tables 500 attacks more


def test_no_attack_by_linear_programming_narrows_a_hidden_count() -> None:
    ended = attack(TABLES)
    assert [what for what in ended if what.startswith("seed")] == []
    assert ended["hidden cells"] > 5 * TABLES


def test_where_nobody_chose_the_attacker_no_attack_finds_more_than_is_said_and_no_more_is_hidden_than_allowed() -> None:
    ended = attack_weighed(8, seed=40)
    assert [what for what in ended if what.startswith("seed")] == []
    assert ended["protection full"] > 4


@pytest.mark.parametrize("seed", [900])
def test_a_table_is_protected_also_when_there_is_no_time_to_look_for_the_best(seed: int) -> None:
    table = random_table(seed, 3, 4)
    result = suppress(table, Policy(), limit(0))
    assert result.hidden > 0
    assert faults(result, Policy()) == []


def test_the_same_table_is_suppressed_in_the_same_way() -> None:
    table = random_table(7, 3, 3)
    assert suppress(table, Policy(), limit(60)) == suppress(table, Policy(), limit(60))
