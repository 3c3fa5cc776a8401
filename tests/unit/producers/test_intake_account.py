"""A faster intake is the same intake: events, ids, order, faults and register are what they were row by row."""

import json
from pathlib import Path

import pytest

from tests.support.intake_account import account, corpora

KEPT: dict[str, str] = json.loads((Path(account.__code__.co_filename).parent / "intake_account.json").read_text())


def test_every_corpus_is_kept() -> None:
    assert KEPT.keys() == corpora().keys()


@pytest.mark.parametrize("name", KEPT)
def test_what_a_corpus_comes_to_is_what_it_came_to_row_by_row(name: str) -> None:
    assert account(corpora()[name]) == KEPT[name]
