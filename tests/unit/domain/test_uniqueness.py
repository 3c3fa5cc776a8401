"""Rare characteristics are told in general words until enough events of enough providers share them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stream_processors.domain.deidentification.uniqueness import (
    GIVEN_UP,
    Combination,
    Counted,
    Finding,
    Policy,
    Pool,
    generalised,
)

Pooled = Mapping[Combination, Mapping[str, int]]
"""Combination -> contributor -> events that tell it and nothing else."""


def pool(pooled: Pooled, policy: Policy) -> Pool:
    return Pool((Counted(frozenset({one}), who, n) for one, held in pooled.items() for who, n in held.items()), policy)


BURN = Combination("medication", "hospital", 2024, "WY", "820", "burn_unit", None, "IP 200")
WARD = Combination("medication", "hospital", 2024, "WY", "820", "inpatient_unit", None, "IP 200")
OTHER_MODEL = Combination("medication", "hospital", 2024, "WY", "820", "burn_unit", None, "IP 300")
OTHER_PLACE = Combination("medication", "hospital", 2024, "WY", "826", "burn_unit", None, "IP 300")
OTHER_STATE = Combination("medication", "hospital", 2024, "UT", "841", "inpatient_unit")
OTHER_YEAR = Combination("medication", "hospital", 2023, "WY", "820", "burn_unit", None, "IP 200")
ALL_TOLD = ("device_model", "zip3", "setting", "state")
"""Of BURN, all that can be given up."""
POLICY = Policy(events=5, contributors=3)
MANY: Mapping[str, int] = {"prv-a": 3, "prv-b": 1, "prv-c": 1}

CASES: list[tuple[Pooled, tuple[str, ...], bool, str]] = [
    ({BURN: MANY}, (), True, "shared as it is: exactly five events of exactly three"),
    ({BURN: {"prv-a": 1}, OTHER_MODEL: MANY}, ("device_model",), True, "the only model of its kind"),
    ({BURN: {"prv-a": 1}, OTHER_PLACE: MANY}, ("device_model", "zip3"), True, "the only one in its corner of the State"),
    ({BURN: {"prv-a": 1}, WARD: MANY}, ("device_model", "zip3", "setting"), True, "the only burn unit in the State"),
    ({BURN: {"prv-a": 1}, OTHER_STATE: MANY}, ALL_TOLD, True, "the only hospital in the State"),
    ({BURN: {"prv-a": 1}, OTHER_YEAR: MANY}, ALL_TOLD, False, "events of another year hide nothing"),
    ({BURN: {"prv-a": 50, "prv-b": 50}}, ALL_TOLD, False, "a hundred events of two providers"),
    ({BURN: {"prv-a": 2, "prv-b": 1, "prv-c": 1}}, ALL_TOLD, False, "four events"),
    ({BURN: {"prv-a": 5, "prv-b": 1, "prv-c": 0}}, ALL_TOLD, False, "a provider whose events were all withdrawn"),
    ({BURN: {"prv-a": 5, "prv-b": 5, "prv-c": -4}}, ALL_TOLD, False, "a count that cannot be"),
    ({}, ALL_TOLD, False, "nothing is counted"),
    (
        {BURN: {"prv-a": 2, "prv-b": 1}, OTHER_MODEL: {"prv-a": 1, "prv-c": 1}},
        ("device_model",),
        True,
        "one provider on both sides counts once, its events twice",
    ),
    (
        {BURN: {"prv-a": 3}, OTHER_MODEL: {"prv-a": 2, "prv-b": 1}},
        ALL_TOLD,
        False,
        "two providers stay two however they are added up",
    ),
]


@pytest.mark.parametrize(("pooled", "gone", "is_shared", "remark"), CASES, ids=[case[-1] for case in CASES])
def test_fields_are_given_up_in_order_until_the_combination_is_shared(
    pooled: Pooled, gone: tuple[str, ...], is_shared: bool, remark: str
) -> None:
    assert generalised([BURN], pool(pooled, POLICY)) == Finding(gone, is_shared), remark


def test_every_combination_of_an_event_must_be_shared() -> None:
    pooled: Pooled = {BURN: {"prv-a": 1}, OTHER_MODEL: MANY}
    assert generalised([OTHER_MODEL], pool(pooled, POLICY)) == Finding((), is_shared=True)
    assert generalised([OTHER_MODEL, BURN], pool(pooled, POLICY)) == Finding(("device_model",), is_shared=True)


def test_a_field_without_a_value_is_not_named_among_those_given_up() -> None:
    bare = Combination("fall", "pharmacy", 2024, state="WY")
    assert generalised([bare], pool({}, POLICY)) == Finding(("state",), is_shared=False)


def test_a_record_that_does_not_tell_a_setting_may_be_of_any() -> None:
    bare = Combination("medication", "hospital", 2024, "WY", "820")
    assert generalised([bare], pool({BURN: {"prv-a": 3, "prv-b": 1}, WARD: {"prv-c": 1}}, POLICY)) == Finding(
        (), is_shared=True
    )


def test_an_event_with_many_devices_is_one_event_where_the_device_is_not_told() -> None:
    devices = frozenset(Combination("fall", "pharmacy", 2024, device_model=f"IP {n}") for n in range(5))
    bare = Combination("fall", "pharmacy", 2024)
    one, five = Counted(devices, "prv-a", 1), [Counted(devices, f"prv-{n}", 1) for n in range(5)]
    assert not generalised([bare], Pool([one], Policy(2, 1))).is_shared
    assert generalised([bare], Pool(five, Policy(5, 5))) == Finding((), is_shared=True)
    assert not generalised([bare], Pool(five, Policy(6, 1))).is_shared


def test_version_model_and_kind_of_a_device_are_given_up_in_this_order_and_before_any_place() -> None:
    whole = Combination("fall", "pharmacy", 2024, "WY", "820", "home", "pump", "ip 200", "4.1")
    assert GIVEN_UP == ("device_version", "device_model", "device_kind", "zip3", "setting", "state")
    gone: list[str] = []
    for name in GIVEN_UP:
        gone.append(name)
        changed: dict[str, Any] = dict.fromkeys(gone, "other")
        other = replace(whole, **changed)
        assert generalised([whole], Pool([Counted(frozenset({other}), "prv-a", 1)], Policy(1, 1))) == Finding(
            tuple(gone), is_shared=True
        )


def test_a_pool_that_was_asked_before_says_the_same_again() -> None:
    asked = pool({BURN: MANY}, POLICY)
    assert [generalised([one], asked).is_shared for one in (BURN, WARD, BURN, WARD)] == [True, True, True, True]
    assert [generalised([one], asked).generalised for one in (BURN, WARD, BURN)] == [
        (),
        ("device_model", "zip3", "setting"),
        (),
    ]


def test_an_event_without_a_combination_has_no_answer() -> None:
    with pytest.raises(ValueError, match=r"^an event has one combination at least$"):
        generalised([], pool({BURN: MANY}, POLICY))


@pytest.mark.parametrize(("events", "contributors"), [(0, 3), (5, 0), (-1, 1)])
def test_a_policy_that_asks_for_nothing_is_refused(events: int, contributors: int) -> None:
    with pytest.raises(ValueError, match=r"^at least one event and one contributor must be asked for$"):
        Policy(events, contributors)


def test_one_event_of_one_provider_is_the_least_that_can_be_asked() -> None:
    assert generalised([BURN], pool({BURN: {"prv-a": 1}}, Policy(1, 1))) == Finding((), is_shared=True)


drawn = st.builds(
    Combination,
    st.sampled_from(["fall", "medication"]),
    st.sampled_from(["hospital", "pharmacy"]),
    st.sampled_from([2023, 2024]),
    st.sampled_from(["WY", "UT"]),
    st.sampled_from(["820", None]),
    st.sampled_from(["burn_unit", "inpatient_unit"]),
    st.none(),
    st.sampled_from(["IP 200", "IP 300", None]),
)
counts = st.dictionaries(drawn, st.dictionaries(st.sampled_from("abcd"), st.integers(0, 4)), max_size=12)


@given(drawn, counts, st.integers(1, 8), st.integers(1, 4))
def test_what_is_found_shared_is_shared_by_counting_it_anew(asked: Combination, pooled: Pooled, k: int, k2: int) -> None:
    found = generalised([asked], pool(pooled, Policy(k, k2)))
    told = [f for f in Combination.__dataclass_fields__ if f not in found.generalised and getattr(asked, f) is not None]
    alike = [c for c in pooled if all(getattr(c, field) == getattr(asked, field) for field in told)]
    events = sum(count for one in alike for count in pooled[one].values())
    providers = {provider for one in alike for provider, count in pooled[one].items() if count}
    if found.is_shared:
        assert events >= k
        assert len(providers) >= k2
    else:
        assert (events < k) or (len(providers) < k2)
