"""Suppresses random tables and attacks each by linear programming: `python -m tests.properties.attacked_tables 500`."""

import sys
from collections import Counter
from collections.abc import Callable
from time import monotonic

import numpy as np

from stream_processors.domain.publication.policy import Attacker, Policy, Zeros
from stream_processors.domain.publication.suppression import Protection, Suppressed, suppress
from stream_processors.domain.publication.weighing import MOST, weighed
from tests.support.invented_tables import random_table
from tests.support.outsider import intervals

POLICIES = (
    Policy(),
    Policy(attacker=Attacker.STANDARD),
    Policy(zeros=Zeros.HIDDEN),
    Policy(zeros=Zeros.SPARE),
    Policy(threshold=4, protection=3),
)


def limit(seconds: float) -> Callable[[], float]:
    """How much of so many seconds is left."""
    began = monotonic()
    return lambda: seconds - (monotonic() - began)


def known(result: Suppressed, policy: Policy) -> dict[tuple[str, ...], tuple[float, float]]:
    """What one who knows the rule knows of each hidden cell, written from the rule and not from the product."""
    if policy.attacker is Attacker.STANDARD or result.protection is Protection.STANDARD:
        return {}
    bounds = {}
    for place, count in zip(result.table.places, result.table.counts, strict=True):
        least = 0 if policy.zeros is Zeros.HIDDEN else 1
        if least <= count <= policy.threshold:
            bounds[cut(place)] = (float(least), float(policy.threshold))
        else:
            bounds[cut(place)] = (0.0 if policy.zeros is Zeros.SPARE else policy.threshold + 1.0, np.inf)
    return bounds


def cut(place: tuple[str, str, str]) -> tuple[str, ...]:
    """The place without an empty layer."""
    return place if place[2] else place[:2]


def faults(result: Suppressed, policy: Policy) -> list[str]:
    """Everything that an outsider could find fault with."""
    told = [f"{p} is small and shown" for p, shown in zip(result.table.places, result.published, strict=True)
            if shown is not None and 1 <= shown <= policy.threshold]  # fmt: skip
    if policy.zeros is Zeros.SHOWN:
        zeros = zip(result.table.counts, result.published, strict=True)
        told += ["a zero is hidden" for count, shown in zeros if count == 0 and shown is None]
    if policy.zeros is Zeros.HIDDEN:
        told += ["a zero is shown" for shown in result.published if shown == 0]
    seen = {cut(p): shown for p, shown in zip(result.table.places, result.published, strict=True)}
    counts = {cut(p): count for p, count in zip(result.table.places, result.table.counts, strict=True)}
    for place, (low, high) in intervals(seen, known(result, policy)):
        if not low - 1e-6 <= counts[place] <= high + 1e-6:
            told.append(f"{place} is outside its own interval")
        if high - low < policy.protection - 1e-6:
            told.append(f"{place} can be narrowed to {high - low:.2f}")
    return told


def attack(tables: int, seed: int = 0) -> Counter[str]:
    """How the attacks on so many tables ended, and the first fault of each."""
    ended: Counter[str] = Counter()
    for number in range(seed, seed + tables):
        policy = POLICIES[number % len(POLICIES)]
        table = random_table(number, *((3, 3) if number % 4 == 3 else (2, 5)))
        result = suppress(table, policy, limit(10))
        wrong = faults(result, policy)
        ended["attacked"] += 1
        ended[f"protection {result.protection}"] += 1
        ended["proven the fewest"] += result.optimal
        ended["hidden cells"] += result.hidden
        if wrong:
            ended[f"seed {number}: {wrong[0]}"] += 1
    return ended


def attack_weighed(tables: int, seed: int = 0) -> Counter[str]:
    """The same for tables of which nobody chose the attacker: never more than the allowance, and as protected as is said."""
    ended: Counter[str] = Counter()
    for number in range(seed, seed + tables):
        table = random_table(number, *((3, 3) if number % 4 == 3 else (2, 6)))
        result = weighed(table, Policy(), limit(60))
        wrong = faults(result, Policy())
        if result.hidden > MOST * (result.at_least_standard or 0):
            wrong.append("hides more than the allowance")
        if (result.protection is Protection.FULL) != (result.exposed == 0):
            wrong.append("says something else of the informed attacker than he finds")
        ended[f"protection {result.protection}"] += 1
        ended["hidden cells"] += result.hidden
        if wrong:
            ended[f"seed {number}: {wrong[0]}"] += 1
    return ended


if __name__ == "__main__":
    for what, often in (attack(int(sys.argv[1])) + attack_weighed(int(sys.argv[1]))).items():
        print(f"{often:6} {what}")
