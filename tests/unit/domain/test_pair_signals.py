"""Settings with more than their share: when each method raises a signal, what takes it back, and what it never says."""

from collections.abc import Iterable

import numpy as np
import pytest
from msgspec.structs import replace

from schemas.records import CellCount, Signal
from schemas.records.counting import READING
from schemas.taxonomy import Category, Harm, ProviderType, Setting
from stream_processors.domain.signals import pooled_pairs
from stream_processors.domain.signals.gamma_poisson import ebgm
from stream_processors.domain.signals.hyperparameters import Hyperparameters
from stream_processors.domain.signals.information_component import quantile
from stream_processors.domain.signals.pair_signals import INFORMATION, SEQUENTIAL, SHRUNK, signals
from stream_processors.domain.signals.poisson_maxsprt import signal_probability
from stream_processors.domain.signals.pooled_pairs import METHODS, Pool
from stream_processors.domain.signals.signal_parameters import Boundary, Parameters
from tests.unit.domain.test_aggregation import cell

THETA = Hyperparameters(3.25379356, 0.39988854, 2.02612692, 1.90807970, 0.06534557)  # openEBGM on CAERS
USUAL = {setting: 0.9 if setting is Setting.INPATIENT_UNIT else 0.1 / (len(Setting) - 1) for setting in Setting}
PINNED = Parameters(
    first_month="2024-01",
    theta=THETA,
    shares={ProviderType.HOSPITAL: USUAL},
    maxsprt=Boundary(critical_value=2.921561, horizon=10.0, alpha=0.05),
)
HERE = {"setting": Setting.OPERATING_ROOM}


def count(contributor: str, number: int, version: int = 1, month: str = "2024-05", **changes: object) -> CellCount:
    where = cell(
        Category.SURGERY, **({"harm": Harm.DEATH, "month": month, "provider_type": ProviderType.HOSPITAL} | HERE | changes)
    )
    return CellCount(cell=where, contributor=contributor, partition=0, count=number, version=version)


def said(pool: Pool, counts: Iterable[CellCount], version: int = 9) -> dict[str, Signal]:
    """What is said of the operating room, by method."""
    touched = pooled_pairs.fold(pool, list(counts), PINNED)
    found = signals(pool, touched, PINNED, (5, version))
    return {signal.method: signal for signal in found if signal.setting is Setting.OPERATING_ROOM}


def spread(providers: int, elsewhere: int = 40) -> list[CellCount]:
    """One event at each provider in the operating room, and usual ones on wards."""
    here = [count(f"p{n}", 1) for n in range(providers)]
    return [*here, *(count(f"q{n}", 1, setting=Setting.INPATIENT_UNIT) for n in range(elsewhere))]


def test_six_events_at_six_providers_where_less_than_one_is_expected_are_a_signal_of_every_method() -> None:
    found = said(Pool(), spread(6))
    assert set(found) == set(METHODS)
    expected = 46 * USUAL[Setting.OPERATING_ROOM]
    for signal in found.values():
        assert (signal.raised, signal.events, signal.contributors, signal.pattern_events) == (True, 6, 6, 46)
        assert signal.expected == pytest.approx(expected)
        assert (signal.stratum, signal.look, signal.parameters) == ("provider_type", 1, PINNED.digest)
        assert (signal.reading, signal.partition, signal.version) == (READING, 5, 9)


def test_the_scores_are_those_of_the_methods() -> None:
    found = said(Pool(), spread(6))
    n, e = np.array([6]), np.array([found[SHRUNK].expected])
    assert found[SHRUNK].score == ebgm(n, e, THETA).low[0]
    assert found[INFORMATION].score == quantile(n.astype(float), e, 0.025)[0]
    assert found[SEQUENTIAL].alpha_spent == pytest.approx(signal_probability(2.921561, 4, float(e[0])))
    assert found[SHRUNK].alpha_spent is None


@pytest.mark.parametrize(
    ("counts", "remark"),
    [
        ([count("p0", 6), *spread(0)], "one provider sees its own"),
        ([count("p0", 3), count("p1", 3), *spread(0)], "two providers"),
        ([count("p0", 1), count("p1", 1), count("p2", 10), *spread(0)], "one of three has most of them"),
        ([count(f"p{n}", 1, harm=Harm.MILD) for n in range(6)], "mild harm is not watched"),
        ([count(f"p{n}", 1, month="2023-12") for n in range(6)], "before watching began"),
        ([count(f"p{n}", 1, month="unknown") for n in range(6)], "without a month"),
        (spread(3, 2000), "three where fifteen are expected"),
    ],
)
def test_what_is_no_signal(counts: list[CellCount], remark: str) -> None:
    assert not any(signal.raised for signal in said(Pool(), counts).values()), remark


def test_a_withdrawal_takes_every_signal_back_and_two_providers_are_not_counted() -> None:
    pool = Pool()
    assert all(signal.raised for signal in said(pool, spread(6)).values())
    gone = said(pool, [count(f"p{n}", 0, 2) for n in range(4)])
    assert {(s.raised, s.events, s.contributors, s.expected, s.score) for s in gone.values()} == {(False, 0, 0, None, None)}


def test_a_withdrawal_that_leaves_enough_providers_says_what_is_left() -> None:
    pool = Pool()
    said(pool, spread(6))
    less = said(pool, [count("p0", 0, 2)])
    assert set(less) == set(METHODS)
    assert {(signal.events, signal.contributors) for signal in less.values()} == {(5, 5)}


def test_each_month_is_a_look_and_alpha_is_spent_once() -> None:
    one = said(Pool(), [count(f"p{n}", 1, month="2024-05") for n in range(6)])[SEQUENTIAL]
    several = [count(f"p{n}", 1, month=f"2024-0{n + 1}") for n in range(6)]
    at_once, bit_by_bit = Pool(), Pool()
    whole = said(at_once, several)[SEQUENTIAL]
    for number in range(6):
        last = said(bit_by_bit, several[number : number + 1]).get(SEQUENTIAL)
    assert last == whole, "the looks are months of the events, not deliveries"
    assert whole.look == 4, "the fourth month reaches the boundary, and the question is answered"
    assert one.look == 1
    assert one.alpha_spent is not None
    assert whole.alpha_spent is not None
    assert whole.alpha_spent < one.alpha_spent


def test_behind_the_horizon_nothing_is_spent_any_more() -> None:
    many = said(Pool(), [*spread(3, 2000), count("r", 1, month="2024-06")])[SEQUENTIAL]
    assert many.expected is not None
    assert not many.raised
    assert many.alpha_spent == pytest.approx(0.05, abs=1e-6)


def test_what_is_down_is_said_once_by_one_owner_and_again_by_the_next() -> None:
    pool = Pool()
    assert set(said(pool, spread(3, 2000))) == set(METHODS)
    assert set(said(pool, [count("q0", 1, 2, setting=Setting.INPATIENT_UNIT)])) == {SEQUENTIAL}, "its looks are logged"
    pooled_pairs.fold(pool, [], PINNED)  # a catch-up: another owner has spoken meanwhile
    assert set(said(pool, [count("q0", 1, 3, setting=Setting.INPATIENT_UNIT)])) == set(METHODS)


def test_the_same_counts_in_any_order_and_cut_give_the_same_last_words() -> None:
    counts = [*spread(6), *(count(f"p{n}", n % 2, 2) for n in range(6))]
    whole = said(Pool(), counts)
    pool, last = Pool(), dict[str, Signal]()
    for one in reversed(counts):
        last |= said(pool, [one])
    assert {m: replace(s, version=0) for m, s in last.items()} == {m: replace(s, version=0) for m, s in whole.items()}
