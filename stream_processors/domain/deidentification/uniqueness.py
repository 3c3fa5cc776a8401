"""Rare characteristics: an event whose combination of properties too few others share is told in more general words.

"Any other unique identifying ... characteristic" (42 CFR 3.212(a)(2)(i)(D)): a device that one hospital owns, the only burn
unit in a State. This is the rule, k-anonymity against pooled counts; rare.py applies it to a record. It asks how many events a
recipient could take this one for who knows only what the record says. Who knows the event already, its device among the rest,
can set aside the records that tell another device, and is held off less.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from operator import attrgetter


@dataclass(frozen=True, slots=True)
class Combination:
    """The properties of one event that together may single it out. One for each pair of its categories and devices."""

    category: str
    provider_type: str
    year: int | None = None
    state: str | None = None
    zip3: str | None = None
    setting: str | None = None
    device_kind: str | None = None
    device_model: str | None = None
    device_version: str | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """How many must share a combination. Raises ValueError for one that asks for nothing."""

    events: int
    contributors: int
    """Providers from which those events come: a hundred events of one hospital hide nobody."""

    def __post_init__(self) -> None:
        if self.events < 1 or self.contributors < 1:
            raise ValueError("at least one event and one contributor must be asked for")


@dataclass(frozen=True, slots=True)
class Finding:
    """What has to be done so that an event is one of many."""

    generalised: tuple[str, ...]
    """Fields that must not leave, in the order in which they were given up."""
    is_shared: bool
    """False where even category, kind of provider and year are shared by too few."""


@dataclass(frozen=True, slots=True)
class Counted:
    """So many events of one contributor, all with the same combinations."""

    combinations: frozenset[Combination]
    contributor: str
    events: int


GIVEN_UP = ("device_version", "device_model", "device_kind", "zip3", "setting", "state")
"""In this order; each with those before it. Category, kind of provider and year are what an event is of no use without."""


class Pool:
    """The events of all contributors, counted; asked by combination.

    An event that is not in it yet is not counted in: the rule then asks for one more than it must, never for one less.
    """

    def __init__(self, counted: Iterable[Counted], policy: Policy) -> None:
        self.counted = tuple(counted)
        self.policy = policy
        self._shared: dict[tuple[str, ...], frozenset[tuple[object, ...]]] = {}

    def shares(self, told: Mapping[str, object]) -> bool:
        """Whether as many events of as many contributors as the policy asks tell the same, whatever else they tell."""
        names = tuple(told)
        if names not in self._shared:  # at most one for each set of fields, and it holds only what many share
            self._shared[names] = self._shared_by_many(names)
        return tuple(told.values()) in self._shared[names]

    def _shared_by_many(self, names: tuple[str, ...]) -> frozenset[tuple[object, ...]]:
        events: Counter[tuple[object, ...]] = Counter()
        contributors: dict[tuple[object, ...], set[str]] = defaultdict(set)
        told = attrgetter(*names)
        for one in self.counted:
            for values in {told(combination) for combination in one.combinations} if one.events > 0 else ():
                events[values] += one.events  # once, however many of its devices tell the same
                contributors[values].add(one.contributor)
        least = self.policy
        return frozenset(
            values for values, n in events.items() if n >= least.events and len(contributors[values]) >= least.contributors
        )


def generalised(combinations: Collection[Combination], pool: Pool) -> Finding:
    """Which fields must go until every combination of an event is shared as the policy asks.

    Raises ValueError for an event without a combination.
    """
    if not combinations:
        raise ValueError("an event has one combination at least")
    for gone in (GIVEN_UP[:count] for count in range(len(GIVEN_UP) + 1)):
        if all(pool.shares(_told(one, gone)) for one in combinations):
            return Finding(that_told(combinations, gone), is_shared=True)
    return Finding(that_told(combinations, GIVEN_UP), is_shared=False)


_NAMES = tuple(field.name for field in fields(Combination))


def _told(combination: Combination, gone: Collection[str]) -> Mapping[str, object]:
    """What a recipient would be told. What is not told may have had any value."""
    values = {name: getattr(combination, name) for name in _NAMES if name not in gone}
    return {name: value for name, value in values.items() if value is not None}


def that_told(combinations: Collection[Combination], gone: tuple[str, ...]) -> tuple[str, ...]:
    """Only fields that had something to tell."""
    return tuple(name for name in gone if any(getattr(one, name) is not None for one in combinations))
