"""The wall clock, the only place where the PSO's side reads it."""

import time


def now_ms() -> int:
    """Milliseconds since the epoch."""
    return time.time_ns() // 1_000_000


def monotonic() -> float:
    """Seconds on a clock that never goes back."""
    return time.monotonic()
