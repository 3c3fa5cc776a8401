"""Rare characteristics: an event whose combination of properties too few others share is told in more general words.

"Any other unique identifying ... characteristic" (42 CFR 3.212(a)(2)(i)(D)): a device that one hospital owns, the only burn
unit in a State. This is the rule alone, k-anonymity against pooled counts that somebody gives it. No step asks it yet: the
counts of these combinations are not stored in this version, and docs/deidentification.md says so. It asks how many events a
recipient could take this one for who knows only what the record says. Who knows the event already, its device among the rest,
can set aside the records that tell another device, and is held off less.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Combination:
    """The properties of one event that together may single it out. One for each pair of its categories and device models."""

    category: str
    provider_type: str
    year: int | None = None
    state: str | None = None
    zip3: str | None = None
    setting: str | None = None
    device_model: str | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """How many must share a combination."""

    events: int
    """The event itself among them."""
    contributors: int
    """Providers from which those events come: a hundred events of one hospital hide nobody."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What has to be done so that an event is one of many."""

    generalised: tuple[str, ...]
    """Fields that must not leave, in the order in which they were given up."""
    is_shared: bool
    """False where even that is not enough: the event does not leave."""


Pooled = Mapping[Combination, Mapping[str, int]]
"""Combination -> contributor -> events. The event that is asked about is counted in."""

GIVEN_UP = ("device_model", "zip3", "setting", "state")
"""In this order; each with those before it. Category, kind of provider and year are what an event is of no use without."""


def generalised(combinations: Collection[Combination], pooled: Pooled, policy: Policy) -> Finding:
    """Which fields must go until every combination of an event is shared as the policy asks.

    Raises ValueError for an event without a combination or a policy that asks for nothing.
    """
    if not combinations or policy.events < 1 or policy.contributors < 1:
        raise ValueError("a combination, and at least one event and one contributor, must be asked for")
    for gone in (GIVEN_UP[:count] for count in range(len(GIVEN_UP) + 1)):
        if all(_is_shared(_told(one, gone), pooled, policy) for one in combinations):
            return Finding(_that_told(combinations, gone), is_shared=True)
    return Finding(_that_told(combinations, GIVEN_UP), is_shared=False)


def _told(combination: Combination, gone: Collection[str]) -> Mapping[str, object]:
    """What a recipient would be told. What is not told may have had any value."""
    values = {field.name: getattr(combination, field.name) for field in fields(combination) if field.name not in gone}
    return {name: value for name, value in values.items() if value is not None}


def _is_shared(told: Mapping[str, object], pooled: Pooled, policy: Policy) -> bool:
    events: Counter[str] = Counter()
    for combination, held in pooled.items():
        if all(getattr(combination, name) == value for name, value in told.items()):
            events.update({contributor: count for contributor, count in held.items() if count > 0})
    return events.total() >= policy.events and len(events) >= policy.contributors


def _that_told(combinations: Collection[Combination], gone: tuple[str, ...]) -> tuple[str, ...]:
    """Only fields that had something to tell."""
    return tuple(name for name in gone if any(getattr(one, name) is not None for one in combinations))
