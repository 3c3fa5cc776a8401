"""What was known when: at every moment of a history the warehouse tells the counts that it held at that moment."""

import random
from collections.abc import Iterator

import psycopg
import pytest

from deploy.dev.stack import Stack
from tests.integration.fresh_warehouse import fresh_warehouse, login, rows
from tests.integration.test_warehouse_fold import CELLS, COUNTS, contribution, load

A, B = CELLS[0], CELLS[1]


@pytest.fixture
def warehouse(stack: Stack) -> Iterator[str]:
    with fresh_warehouse(stack.database_url) as url:
        yield url


def now(url: str) -> str:
    return str(rows(url, "select clock_timestamp()::text")[0][0])


def known(url: str, at: str) -> set[tuple[object, ...]]:
    return set(rows(url, f"select cell, contributor, count from protected.cell_counts_known('{at}')"))


def test_each_moment_of_a_history_is_told_as_it_was(warehouse: str) -> None:
    dice = random.Random(20260402)
    history = [
        contribution(
            f"e{dice.randrange(25)}",
            dice.randint(1, 5),
            dice.sample(CELLS, dice.randint(0, 2)),
            withdrawn=dice.random() < 0.2,
        )
        for _ in range(300)
    ]
    moments: list[tuple[str, set[tuple[object, ...]]]] = [(now(warehouse), set())]
    with login(warehouse, "pso_sink") as sink:
        for first in range(0, 300, 20):
            load(sink, history[first : first + 20], 7)
            moments.append((now(warehouse), set(rows(warehouse, COUNTS))))
    with login(warehouse, "pso_analyst_protected") as analyst:
        for at, cells in moments:
            assert known(analyst, at) == cells
    assert len({frozenset(cells) for _, cells in moments}) > 10, "the history has to change something"


def test_a_correction_400_days_late_changes_what_is_known_and_not_what_was(warehouse: str) -> None:
    load(warehouse, [contribution("e", 1, [A])], 1)
    before = now(warehouse)
    load(warehouse, [contribution("e", 2, [B])], 1)
    corrected = now(warehouse)
    load(warehouse, [contribution("e", 3, [], withdrawn=True)], 1)
    withdrawn = now(warehouse)
    load(warehouse, [contribution("e", 4, [A, B])], 1)
    told = [known(warehouse, at) for at in (before, corrected, withdrawn, now(warehouse))]
    one, other = (A.key, "prv-a", 1), (B.key, "prv-a", 1)
    assert told == [{one}, {other}, set(), {one, other}]


def test_a_duplicate_or_a_late_revision_leaves_no_trace(warehouse: str) -> None:
    load(warehouse, [contribution("e", 2, [A])] * 3 + [contribution("e", 1, [B])], 1)
    assert rows(warehouse, "select count(*) from protected.contributions_superseded") == [(0,)]


def test_a_revision_that_counted_for_no_moment_was_never_known(warehouse: str) -> None:
    """Both lie in one transaction where a row between them is refused and the batch is written in halves."""
    with psycopg.connect(warehouse) as connection:
        connection.execute(
            "insert into protected.contributions_superseded values ('p', 'e', 1, 1, false, %s, 0, '{}', now(), now())", (["x"],)
        )
    assert known(warehouse, now(warehouse)) == set()


def test_denominators_are_told_as_they_were_known(warehouse: str) -> None:
    moments = []
    for revision, quantity in ((2, "700"), (1, "900"), (3, "null"), (4, "710")):
        statement = f"insert into protected.denominators values ('p', '2024-05', 'discharges', {revision}, {quantity})"
        with psycopg.connect(warehouse) as connection:
            connection.execute(statement.encode())
        moments.append(now(warehouse))
    told = [rows(warehouse, f"select revision, quantity from protected.denominators_known('{at}')") for at in moments]
    assert told == [[(2, 700)], [(2, 700)], [], [(4, 710)]]
