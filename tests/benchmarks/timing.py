"""How many records per second a function does, alone in this process."""

import statistics
import time
from collections.abc import Callable

RUNS = 3
SECONDS = 0.5


def per_second(call: Callable[[], object], records: int = 1) -> float:
    """Median of RUNS runs of SECONDS each; one call does so many records."""
    call()
    return round(statistics.median(_run(call, records) for _ in range(RUNS)))


def _run(call: Callable[[], object], records: int) -> float:
    began, calls = time.perf_counter(), 0
    while (seconds := time.perf_counter() - began) < SECONDS:
        call()
        calls += 1
    return calls * records / seconds
