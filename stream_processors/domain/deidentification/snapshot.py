"""The pooled counts of combinations at one moment, with the policy under which they are asked: bytes with a hash.

A worker asks one snapshot for as long as it runs, so that a replay gives the same bytes. It is P0: it says how many events of
what kind each contributor has. The hash goes into every P2 record; the random salt keeps whoever reads it from trying out
which counts have it.
"""

from collections import Counter
from collections.abc import Iterable
from functools import partial
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from stream_processors.domain.deidentification.rare import Rarity
from stream_processors.domain.deidentification.uniqueness import Combination, Counted, Policy, Pool, generalised
from stream_processors.domain.deidentification.version import hash_of

Least = Annotated[int, Meta(ge=1)]


class _Row(Struct, frozen=True, array_like=True):
    contributor: int
    events: Least
    combinations: list[Combination]


class _Content(Struct, frozen=True):
    salt: Annotated[str, Meta(min_length=32)]
    events: Least
    contributors: Least
    withhold: bool
    rows: list[_Row]


class DamagedSnapshot(ValueError):
    """The bytes are not those that have this hash, or no snapshot."""


def snapshot(counted: Iterable[Counted], policy: Policy, salt: str, *, withholds: bool = False) -> bytes:
    """The same counts, policy and salt give the same bytes. Contributors are numbers: their names are of no use here."""
    events: Counter[tuple[str, tuple[Combination, ...]]] = Counter()
    for one in counted:
        events[one.contributor, tuple(sorted(one.combinations, key=repr))] += one.events
    numbers = {name: number for number, name in enumerate(sorted({contributor for contributor, _ in events}))}
    rows = [_Row(numbers[name], n, list(told)) for (name, told), n in sorted(events.items(), key=repr)]
    return msgspec.json.encode(_Content(salt, policy.events, policy.contributors, withholds, rows))


def rarity_of(content: bytes, expected: str) -> Rarity:
    """The question to a snapshot. Raises DamagedSnapshot, which quotes nothing."""
    if hash_of(content) != expected:
        raise DamagedSnapshot("it does not have the hash that names it")
    try:
        read = msgspec.json.decode(content, type=_Content)
    except msgspec.DecodeError:
        raise DamagedSnapshot("it is none of this version") from None
    counted = (Counted(frozenset(row.combinations), str(row.contributor), row.events) for row in read.rows)
    pool = Pool(counted, Policy(read.events, read.contributors))
    return Rarity(partial(generalised, pool=pool), expected, read.withhold)
