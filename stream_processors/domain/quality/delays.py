"""How long an event takes from the bedside to the warehouse, and what is typical of a batch.

Days where the law and people think in days, seconds where machines do. A date that is known to the month or year has no delay.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from schemas.records import SafetyEvent
from stream_processors.domain.calendar import is_day


class Delay(StrEnum):
    """From which moment to which; the name says the unit."""

    EVENT_TO_REPORT_DAYS = "event_to_report_days"  # the date of the event -> first reported by a person (DE30)
    EVENT_TO_ENTRY_DAYS = "event_to_entry_days"  # -> in the provider's PSES (42 CFR 3.20)
    ENTRY_TO_PSO_SECONDS = "entry_to_pso_seconds"  # in the PSES -> the PSO's broker has it
    REPORTED_TO_ROW_SECONDS = "reported_to_row_seconds"  # -> a row


@dataclass(frozen=True, slots=True)
class Stored:
    """An event with the times that others than its provider wrote down; `reported_at` is None in rows of older versions."""

    event: SafetyEvent
    reported_at: datetime | None
    loaded_at: datetime


def delays(stored: Stored) -> Iterator[tuple[Delay, int]]:
    """Every delay that is known, whole units. One below zero is zero: the provider's dates are local, and clocks differ."""
    event = stored.event
    entered = _instant(event.pses_entered_at)
    happened, reported = day_of(event.event_date), day_of(event.report_date)
    if happened and reported:
        yield Delay.EVENT_TO_REPORT_DAYS, max(0, (reported - happened).days)
    if happened and entered:
        yield Delay.EVENT_TO_ENTRY_DAYS, max(0, (entered.date() - happened).days)
    if entered and stored.reported_at:
        yield Delay.ENTRY_TO_PSO_SECONDS, _seconds(entered, stored.reported_at)
    if stored.reported_at:
        yield Delay.REPORTED_TO_ROW_SECONDS, _seconds(stored.reported_at, stored.loaded_at)


def quantile(counted: Counter[int], tenths: int) -> int:
    """The nearest rank: the least value that `tenths` of ten do not exceed. Raises ValueError where nothing was counted."""
    rank = -(-counted.total() * tenths // 10)  # rounded up; whole numbers, so the same everywhere
    for value in sorted(counted):
        rank -= counted[value]
        if rank <= 0:
            return value
    raise ValueError("nothing was counted")


def day_of(text: str | None) -> date | None:
    """The day, or None where the date is not known to the day."""
    return date.fromisoformat(text) if text and len(text) == len("YYYY-MM-DD") and is_day(text) else None


def _instant(text: str | None) -> datetime | None:
    """The instant, or None: the pattern lets through a 61st second, which PostgreSQL takes and Python does not."""
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        return None


def _seconds(earlier: datetime, later: datetime) -> int:
    return max(0, int((later - earlier).total_seconds()))
