"""What the narrative engine removes and which of its layers found it: the words in which a manifest counts."""

from enum import StrEnum


class IdentifierType(StrEnum):
    """What the narrative engine removed, by the placeholder that stands in its place."""

    ADDRESS = "address"
    AGE = "age"
    DATE = "date"
    EMAIL = "email"
    FACILITY = "facility"
    FILE = "file"
    ID = "id"
    IP = "ip"
    NAME = "name"
    PHONE = "phone"
    PLACE = "place"
    SSN = "ssn"
    TIME = "time"
    UNIT = "unit"
    URL = "url"
    ZIP = "zip"
    OTHER = "other"


class Layer(StrEnum):
    """Which layer of the narrative engine found what was removed."""

    RECORD = "record"
    """What the event's own fields name."""
    SHAPES = "shapes"
    """What has the shape of an identifier."""
    TAGGER = "tagger"
    """What the trained tagger takes for one."""
    PROPAGATION = "propagation"
    """A name of the tagger where it stands once more."""
    TIES = "ties"
    """Clock times and days of the week beside a date."""
    AGES = "ages"
    """Ages over 89 that no word marks as ages."""
    ENCODED = "encoded"
    """Base64, hexadecimal or escapes in which an identifier stands, or in which nobody can have read what stands there."""
    OTHER = "other"
