"""Rare-event methods: seconds of CPU to fit and to score, beside vigipy on the same pairs in an environment of its own."""

import csv
import json
import statistics
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from stream_processors.domain.signals.contingency import Reals, Wholes
from stream_processors.domain.signals.gamma_poisson import ebgm
from stream_processors.domain.signals.gamma_poisson_fit import fit
from stream_processors.domain.signals.hyperparameters import Hyperparameters
from tests.benchmarks.counting import changed_pairs, contributions_per_cpu_second, detected_counts_per_cpu_second
from tests.benchmarks.deid.environments import Environment, python_of

SMALL, LARGE = 17_189, 100_000
"""Pairs: those of the FDA's CAERS extract, and those of a national system."""
RUNS = 5
VIGIPY = Environment("vigipy", ("vigipy==3.5.1",))
PEER = Path(__file__).parent / "peers" / "vigipy_gps.py"
TRUTH = Hyperparameters(2.0, 0.4, 3.0, 3.5, 0.1)


def signals(work: Path) -> dict[str, Any]:
    """CPU seconds, medians of five runs; records a CPU second; and vigipy's seconds on the smaller table beside ours."""
    small, large = invented(SMALL), invented(LARGE)
    return {
        "fit_small": _seconds(lambda: fit(small.n, small.e)),
        "fit_large": _seconds(lambda: fit(large.n, large.e)),
        "score_large": _seconds(lambda: ebgm(large.n, large.e, TRUTH)),
        "changed_pairs": changed_pairs(),
        "contributions_per_second": contributions_per_cpu_second(),
        "detected_counts_per_second": detected_counts_per_cpu_second(),
        "vigipy": _vigipy(small, work),
    }


class Table:
    """Invented pairs: exposure, event, n, and their expectation by the margins of these pairs."""

    def __init__(self, exposure: Wholes, event: Wholes, n: Wholes) -> None:
        self.exposure, self.event, self.n = exposure, event, n
        self.of_exposure, self.of_event = np.bincount(exposure, n).astype(int), np.bincount(event, n).astype(int)
        self.total = int(n.sum())
        self.e: Reals = self.of_exposure[exposure] * self.of_event[event] / self.total


def invented(pairs: int, seed: int = 7) -> Table:
    """So many pairs with at least one report, of popular and unpopular exposures and events, their rates from a prior."""
    chance = np.random.default_rng(seed)
    side = int(3 * pairs**0.5)
    popular = [chance.lognormal(0, 1.2, side) for _ in range(2)]
    first = chance.random((side, side)) < TRUTH.p
    shape, rate = np.where(first, TRUTH.alpha1, TRUTH.alpha2), np.where(first, TRUTH.beta1, TRUTH.beta2)
    n = chance.poisson(0.12 * np.outer(*popular) * chance.gamma(shape) / rate)
    exposure, event = np.nonzero(n)
    kept = np.sort(chance.permutation(len(exposure))[:pairs])
    assert len(kept) == pairs, "too few pairs were drawn"
    return Table(exposure[kept], event[kept], n[exposure[kept], event[kept]])


def _seconds(work: Callable[[], object]) -> float:
    work()
    return round(statistics.median(_once(work) for _ in range(RUNS)), 4)


def _once(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _vigipy(table: Table, work: Path) -> dict[str, Any]:
    """Its fit and scores beside ours. Its likelihood is another (mixture_likelihood.py), so EBGM is compared at its theta."""
    work.mkdir(parents=True, exist_ok=True)
    python, pairs, scored = python_of(VIGIPY, work), work / "pairs.csv", work / "vigipy.csv"
    with pairs.open("w", newline="") as file:
        columns = (table.exposure.tolist(), table.event.tolist(), table.n.tolist())
        csv.writer(file).writerows([("exposure", "event", "n"), *zip(*columns, strict=True)])
    ran = subprocess.run([python, PEER, pairs, scored], capture_output=True, text=True, timeout=600, check=True)
    told = json.loads(ran.stdout)
    with scored.open(newline="") as file:
        theirs = {(int(row["Product"]), int(row["Adverse Event"])): row for row in csv.DictReader(file)}
    rows = [theirs[pair] for pair in zip(table.exposure.tolist(), table.event.tolist(), strict=True)]
    ours = ebgm(table.n, table.e, Hyperparameters(*told["theta"]))
    took = _seconds(lambda: ebgm(table.n, table.e, fit(table.n, table.e).theta))
    names = zip(("EBGM", "LowerBound", "UpperBound"), ours, strict=True)
    return {
        "cpu_seconds": round(told["cpu_seconds"], 4),
        "ours": took,
        "ratio": round(told["cpu_seconds"] / took, 1),
        "greatest_difference": {name: _difference(column, [float(row[name]) for row in rows]) for name, column in names},
    }


def _difference(ours: Reals, theirs: list[float]) -> float:
    return float(np.max(np.abs(ours / np.array(theirs) - 1)))
