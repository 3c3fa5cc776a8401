"""The wall clock, the only place where the PSO's side reads it."""

import time
from datetime import UTC, date, datetime


def now_ms() -> int:
    """Milliseconds since the epoch."""
    return time.time_ns() // 1_000_000


def today() -> date:
    """The day in UTC, by which contracts and releases count."""
    return datetime.fromtimestamp(now_ms() / 1000, UTC).date()


def monotonic() -> float:
    """Seconds on a clock that never goes back."""
    return time.monotonic()
