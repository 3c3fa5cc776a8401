"""Which days there are."""

from datetime import date


def is_day(text: str) -> bool:
    """Whether text written as a day (YYYY-MM-DD) is one: February has no 30th, and no pattern knows that."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
