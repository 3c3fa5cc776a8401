"""Pooled rare events: when the rule holds, when it is taken back, and what it never does."""

import pytest

from schemas.protection import Protection
from schemas.records import CellCount, Signal
from schemas.taxonomy import Category, Harm, Setting
from stream_processors.domain.signals.pooled_rare_event import METHOD, Pool, fold, outputs
from stream_processors.lawfulness import protections
from tests.unit.domain.test_aggregation import cell


def count(contributor: str, number: int, version: int = 1, partition: int = 0, **changes: object) -> CellCount:
    where = cell(Category.SURGERY, **({"harm": Harm.DEATH} | changes))
    return CellCount(cell=where, contributor=contributor, partition=partition, count=number, version=version)


def signals(*counts: CellCount) -> list[Signal]:
    pool = Pool()
    return list(outputs(pool, fold(pool, counts), 5, 99))


def test_three_events_at_three_providers_are_a_signal_that_names_nobody() -> None:
    [signal] = signals(count("p1", 1), count("p2", 1), count("p3", 1))
    assert signal == Signal(METHOD, Category.SURGERY, Harm.DEATH, "2024-05", 3, 3, True, 5, 99)


@pytest.mark.parametrize(
    ("counts", "expected", "remark"),
    [
        ([count("p1", 1), count("p2", 1)], [], "two providers: never held, never said"),
        ([count("p1", 3)], [], "one provider sees its own"),
        ([count("p1", 2), count("p2", 1), count("p3", 1)], [False], "one contributor has more than one"),
        ([count("p1", 1), count("p2", 1), count("p3", 0)], [False], "it may have held before the zero"),
        ([count("p1", 0), count("p2", 0), count("p3", 0)], [False], "nothing is left of it"),
        ([count(f"p{n}", 1) for n in range(9)], [True], "nine providers"),
        ([count("p1", 1), count("p2", 1), count("p3", 1, harm=Harm.SEVERE)], [], "another harm is another pattern"),
        ([count("p1", 1), count("p2", 1), count("p3", 1, month="2024-06")], [], "another month as well"),
        ([count(f"p{n}", 1, harm=Harm.MODERATE) for n in range(3)], [], "moderate harm is not watched"),
        ([count(f"p{n}", 1, month="unknown") for n in range(3)], [], "an unknown month is no window"),
        ([count("p1", 1), count("p2", 1), count("p3", 1, setting=Setting.HOME)], [True], "cells are pooled over settings"),
        ([count("p1", 1), count("p2", 1), count("p3", 1), count("p3", 1, partition=1)], [False], "partitions add up"),
        ([count("p1", 1), count("p2", 1), count("p3", 1, 7), count("p3", 4, 6)], [True], "the highest version counts"),
    ],
)
def test_the_rule(counts: list[CellCount], expected: list[bool], remark: str) -> None:
    assert [signal.raised for signal in signals(*counts)] == expected, remark


def test_a_signal_is_taken_back_when_an_event_is_withdrawn_and_two_providers_are_not_counted() -> None:
    pool = Pool()
    fold(pool, [count("p1", 1), count("p2", 1), count("p3", 1)])
    [signal] = outputs(pool, fold(pool, [count("p2", 0, 2)]), 0, 2)
    assert (signal.raised, signal.events, signal.contributors) == (False, 0, 0)


def test_a_stale_count_changes_nothing_and_is_said_again() -> None:
    pool = Pool()
    fold(pool, [count("p1", 1, 5), count("p2", 1, 5), count("p3", 1, 5)])
    [signal] = outputs(pool, fold(pool, [count("p2", 0, 2)]), 0, 6)
    assert signal.raised


def test_no_provider_signals_alone_and_the_pool_does() -> None:
    spread = [count(f"p{n}", 1) for n in range(3)]
    assert all(signals(alone) == [] for alone in spread)
    assert [signal.raised for signal in signals(*spread)] == [True]


def test_what_a_signal_says_identifies_nobody_by_its_classes() -> None:
    assert {protection for _, protection in protections(Signal)} == {Protection.PLAIN}
