"""What keeping the informed attacker out costs, on invented tables: `python -m tests.benchmarks.suppression 0 85`.

One line of JSON for each table: cells hidden by default, with `--attacker standard` and `--attacker informed`, and how many of
them the informed attacker narrows; at the end one line for each sort of table. Seconds of CPU stand for those of the limit,
so that a busy machine finds the same.
"""

import json
import sys
from time import process_time
from typing import Any

import numpy as np

from stream_processors.domain.publication.optimiser import Left
from stream_processors.domain.publication.policy import Attacker, Policy
from stream_processors.domain.publication.suppression import Suppressed, suppress
from stream_processors.domain.publication.weighing import weighed
from tests.support.invented_tables import table_of

SECONDS = 10.0
WAYS = ("default", "standard", "informed")
MEANS, SHAPES = (2, 6, 15, 40, 120), (0.3, 0.6, 1.0, 2.0)
"""Of the gamma distribution that counts come from: from nearly all small to few, from sparse to even."""


def table(seed: int) -> np.ndarray:
    """Of eight, four have two ways (4 x 4 to 12 x 12), three have three (3 x 4 x 3 to 5 x 6 x 4), one is degenerate."""
    chance, kind, way = np.random.default_rng(seed), seed % 8, (seed // 8) % 4
    if kind < 4:
        size = tuple(int(side) for side in chance.integers(4, 13, 2))
    elif kind < 7:
        size = tuple(int(chance.integers(least, most + 1)) for least, most in ((3, 5), (4, 6), (3, 4)))
    else:
        size = (1, int(chance.integers(3, 13))) if way == 0 else tuple(int(side) for side in chance.integers(3, 9, 2))
    mean, shape = float(chance.choice(MEANS)), float(chance.choice(SHAPES))
    counts = np.floor(chance.gamma(shape, mean / shape, size)).astype(int)
    if kind == 7 and way == 1:
        counts[0] = 0
    return np.minimum(counts, 9) if kind == 7 and way == 2 else counts


def measured(seed: int) -> dict[str, Any]:
    """The three ways to hide cells of one table."""
    counts = table_of(table(seed))
    ways = {
        "default": lambda: weighed(counts, Policy(), _limit()),
        "standard": lambda: suppress(counts, Policy(attacker=Attacker.STANDARD), _limit()),
        "informed": lambda: suppress(counts, Policy(), _limit()),
    }
    told = {"seed": seed, "shape": list(table(seed).shape), "cells": len(counts.counts)}
    return told | {name: _told(*_timed(way)) for name, way in ways.items()}


def _timed(way: Any) -> tuple[Suppressed, float]:
    began = process_time()
    return way(), process_time() - began


def _told(result: Suppressed, seconds: float) -> dict[str, Any]:
    names = ("hidden", "at_least", "at_least_standard", "exposed", "protection", "smallest_interval")
    return {name: getattr(result, name) for name in names} | {"seconds": round(seconds, 2)}


def _limit() -> Left:
    began = process_time()
    return lambda: SECONDS - (process_time() - began)


def summed(sort: str, tables: list[dict[str, Any]]) -> dict[str, Any]:
    """Of the tables in which anything is hidden: what each way hides beside the fewest that the standard attacker needs."""
    hiding = [one for one in tables if one["standard"]["hidden"]]

    def beside(way: str) -> list[float]:
        return [one[way]["hidden"] / one["standard"]["at_least"] for one in hiding]

    def narrowed(way: str) -> int:
        return sum(one[way]["exposed"] > 0 for one in hiding)

    return {
        "sort": sort,
        "tables": len(hiding),
        **{f"{way}_mean_and_most": [round(np.mean(beside(way)), 2), round(max(beside(way)), 2)] for way in WAYS if hiding},
        **{f"{way}_narrowed": narrowed(way) for way in WAYS},
        "seconds_mean_and_most": [round(f([one["default"]["seconds"] for one in hiding] or [0]), 1) for f in (np.mean, max)],
    }


def main() -> None:
    """Seeds from the first number up to the second."""
    tables = []
    for number in range(int(sys.argv[1]), int(sys.argv[2])):
        tables.append(measured(number))
        print(json.dumps(tables[-1]), flush=True)
    for sort, kinds in (("two ways", range(4)), ("three ways", range(4, 7)), ("degenerate", (7,))):
        print(json.dumps(summed(sort, [one for one in tables if one["seed"] % 8 in kinds])), flush=True)


if __name__ == "__main__":
    main()
