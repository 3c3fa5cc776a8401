"""The wall clock of the provider's side: the only place that reads it."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Tells the time, in UTC."""


def system_clock() -> datetime:
    return datetime.now(UTC)


def instant_text(moment: datetime) -> str:
    """An RFC 3339 instant in UTC with microseconds, as records hold it (schemas.records.values.Instant)."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def instant_of(text: str) -> datetime:
    """The moment that `instant_text` wrote."""
    return datetime.fromisoformat(text)
