"""What the tagger may say of a token."""

from enum import IntEnum


class Label(IntEnum):
    """None, or the kind of identifier; a facility or place that begins right after another has its own beginning."""

    NONE = 0
    NAME = 1
    FACILITY = 2
    FACILITY_ON = 3
    PLACE = 4
    PLACE_ON = 5
    NUMBER = 6
    """A record, account, serial or event number in words or digits."""
    OTHER = 7
    """Dates, telephone numbers, addresses on the net: the patterns' work; known here for the sake of their neighbours."""


LABELS = len(Label)
KINDS = ("", "NAME", "FACILITY", "FACILITY", "LOCATION", "LOCATION", "ID", "OTHER")
"""The type of a span by label."""
BEGINS = (True, False, True, False, True, False, False, False)
"""Whether this label starts a new span even right after one of its kind."""
