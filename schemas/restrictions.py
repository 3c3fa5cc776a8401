"""The words in which a record says what a contract takes from that which the law lets leave."""

from enum import StrEnum


class Passing(StrEnum):
    """What of an event a contract lets into a grade (42 CFR 3.206(e))."""

    EVENT = "event"
    WITHDRAWAL = "withdrawal"
    """An earlier version of the contract let it in: what is there is taken back, and nothing else leaves."""
    NOTHING = "nothing"


class DatePrecision(StrEnum):
    """The finest element of a date that leaves."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    NONE = "none"
