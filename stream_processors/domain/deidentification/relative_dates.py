"""Dates as days from the event ("day +3 of event"): what 45 CFR 164.514(b)(2)(i)(C) lets stay, for it is no element of a date.

The year of the event leaves and its day never does, so that no such number leads back to the calendar. Told is at most a
quarter of a year: a date of birth in days would be an exact age.
"""

import re
from collections.abc import Iterator
from datetime import date

FURTHEST = 90
"""Days before or after the event."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED = r"(?P<month>(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*)\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_FORMS = tuple(
    re.compile(rf"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)?{form}", re.I)
    for form in (
        r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})",
        r"(?P<month>\d{1,2})/(?P<day>\d{1,2})(?:/(?P<year>\d{4}|\d{2}))?",  # as the United States write it
        rf"{_NAMED}\s+{_DAY}(?:,?\s+(?P<year>\d{{4}}))?",
        rf"{_DAY}\s+(?:of\s+)?{_NAMED}(?:,?\s+(?P<year>\d{{4}}))?",
    )
)


def day_of_event(text: str, event: date | None) -> int | None:
    """Days from the event to the day that the text names, or None where that is not one day within FURTHEST of it.

    A day without a year is the one nearest to the event. What cannot be read is None and is removed, never passed.
    """
    if event is None:
        return None
    match = next((found for form in _FORMS if (found := form.fullmatch(text.strip(" .,;")))), None)
    days = [(day - event).days for day in _days(match, event)] if match else []
    nearest = min(days, key=abs, default=None)
    return nearest if nearest is not None and abs(nearest) <= FURTHEST else None


def _days(match: re.Match[str], event: date) -> Iterator[date]:
    """The day in its year, or in the three years in which it may be nearest to the event."""
    said = match["year"]
    years = (event.year - 1, event.year, event.year + 1) if said is None else (int(said) + (2000 if len(said) == 2 else 0),)
    for year in years:
        try:
            yield date(year, _month(match["month"]), int(match["day"]))
        except ValueError:  # 30 February
            continue


def _month(text: str) -> int:
    return int(text) if text.isdigit() else _MONTHS.index(text[:3].lower()) + 1


def whole_day(text: str | None) -> date | None:
    """The day of a date field that is known to the day."""
    try:
        return date.fromisoformat(text) if text and len(text) == len("YYYY-MM-DD") else None
    except ValueError:
        return None


def days_after(text: str | None, event: date | None) -> int | None:
    """Days from the event to a date field, or None where either is not known to the day or they lie too far apart."""
    return day_of_event(text, event) if text and whole_day(text) else None


def told(days: int) -> str:
    """The words in a narrative."""
    return f"day {days:+d} of event" if days else "day 0 of event"
