"""A faster intake is the same intake: events, ids, order, faults and register are what they were row by row."""

import csv
import io
import json
import random
from itertools import islice
from pathlib import Path

import pytest

from producers.mapping_file import load_mapping
from producers.mapping_plan import Plan, apply
from tests.support.bad_input import ORIGIN
from tests.support.intake_account import account, corpora, invented_table

KEPT: dict[str, str] = json.loads((Path(account.__code__.co_filename).parent / "intake_account.json").read_text())


def test_every_corpus_is_kept() -> None:
    assert KEPT.keys() == corpora().keys()


@pytest.mark.parametrize("name", KEPT)
def test_what_a_corpus_comes_to_is_what_it_came_to_row_by_row(name: str) -> None:
    assert account(corpora()[name]) == KEPT[name]


@pytest.mark.parametrize("name", [name for name in KEPT if not name.startswith("damaged")])
def test_a_row_gives_the_same_event_alone_twice_over_and_by_a_plan_that_has_seen_others(name: str) -> None:
    mapping = load_mapping(name)
    plan = Plan(mapping, ORIGIN, "csv")
    table = csv.DictReader(io.StringIO(invented_table(name, random.Random(name)).decode()), delimiter=mapping.delimiter or ",")
    for row in islice(table, 60):
        alone = apply(mapping, [row], ORIGIN)
        assert plan.apply([row]) == alone
        assert alone.problems or plan.apply([row, row]) == alone
