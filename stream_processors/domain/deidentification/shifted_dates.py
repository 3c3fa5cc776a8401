"""Dates moved by one random offset for each patient: for P3 alone, which this version does not make.

A moved date is still a date to the day, so that it is no safe harbor: only whoever has determined the risk by 42 CFR
3.212(a)(1) and 45 CFR 164.514(b)(1), and has written down how, may let one leave. Offsets come from the vault
(warehouse/date_offsets.py), random and derived from nothing. Order and gaps of a patient's dates are kept.
"""

from collections.abc import Sequence
from datetime import date, timedelta

FURTHEST = 364
"""Days, either way."""

OFFSETS: Sequence[int] = tuple(day for day in range(-FURTHEST, FURTHEST + 1) if day)
"""What an offset may be. Never 0: that would be the date itself."""

WEEKS: Sequence[int] = tuple(day for day in OFFSETS if day % 7 == 0)
"""What it may be where days of the week must stay what they were."""


def shifted(text: str | None, offset: int) -> str | None:
    """The day (YYYY-MM-DD) moved by so many days; None where the text is no day, for what cannot be moved is removed.

    Raises ValueError for an offset that no vault gives.
    """
    if offset not in OFFSETS:
        raise ValueError("an offset is 1 to 364 days, either way")
    try:
        day = date.fromisoformat(text) if text and len(text) == len("YYYY-MM-DD") else None
        return (day + timedelta(days=offset)).isoformat() if day else None
    except (ValueError, OverflowError):
        return None
