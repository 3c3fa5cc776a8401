"""What was planted in a canary's narrative, and where: exact stretches of characters, each with its type."""

from enum import StrEnum
from typing import NamedTuple


class Planted(StrEnum):
    """The types of identifier that are planted; recall is told for each. Names apart by the form in which engines miss them."""

    NAME = "name"
    NAME_LOWER_CASE = "name_lower_case"
    NAME_CAPITALS = "name_capitals"
    NAME_INVERTED = "name_inverted"
    NAME_MISSPELT = "name_misspelt"
    INITIALS = "initials"
    FILE_NAME = "file_name"
    USER_NAME = "user_name"
    DATE = "date"
    HOLIDAY = "holiday"
    AGE = "age_over_89"
    PHONE = "phone"
    EXTENSION = "extension"
    EMAIL = "email"
    URL = "url"
    IP = "ip_address"
    MRN = "medical_record_number"
    ACCOUNT = "account_number"
    SSN = "social_security_number"
    PLAN = "health_plan_number"
    SERIAL = "device_serial"
    EVENT = "event_number"
    VEHICLE = "vehicle"
    LICENSE = "license"
    FACILITY = "facility"
    FACILITY_SHORT = "facility_short"
    WING = "wing"
    STREET = "street"
    CITY = "city"
    ZIP = "zip_code"


class Label(NamedTuple):
    """Characters [start, end) of the narrative that must go."""

    start: int
    end: int
    type: Planted


class Term(NamedTuple):
    """Characters [start, end) of the narrative that must stay: a drug, a dose, an eponym, a device, a score, a reading."""

    start: int
    end: int


class Labels(NamedTuple):
    """One narrative with everything that is known about it."""

    text: str
    identifiers: tuple[Label, ...]
    terms: tuple[Term, ...]


class Piece(NamedTuple):
    """A stretch of a narrative while it is written: an identifier, a clinical term, or words that are neither."""

    text: str
    type: Planted | None = None
    is_term: bool = False


def laid_out(pieces: list[Piece]) -> Labels:
    """The pieces in a row, with where each came to lie."""
    identifiers: list[Label] = []
    terms: list[Term] = []
    at = 0
    for piece in pieces:
        end = at + len(piece.text)
        if piece.type is not None:
            identifiers.append(Label(at, end, piece.type))
        elif piece.is_term:
            terms.append(Term(at, end))
        at = end
    return Labels("".join(piece.text for piece in pieces), tuple(identifiers), tuple(terms))
