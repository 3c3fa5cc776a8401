"""What reading a row comes to: an event, or a fault that names the place and the reason, never the value."""

from dataclasses import dataclass
from enum import StrEnum

from schemas.records import SafetyEvent


class Reason(StrEnum):
    """Reason codes of faults. Codes are public: scripts of providers read them."""

    # the file
    DAMAGED_FILE = "damaged_file"
    EXPANDS_TOO_FAR = "expands_too_far"
    NO_HEADER = "no_header"
    NOT_XML = "not_xml"
    DOCTYPE = "doctype"
    UNREADABLE_WORKBOOK = "unreadable_workbook"
    MISSING_COLUMN = "missing_column"
    REPEATED_COLUMN = "repeated_column"
    # the row
    TOO_LONG = "too_long"
    BAD_UTF8 = "bad_utf8"
    BAD_ENCODING = "bad_encoding"
    NOT_JSON = "not_json"
    TOO_DEEP = "too_deep"
    MALFORMED_ROW = "malformed_row"
    OPEN_QUOTE = "open_quote"
    WRONG_NUMBER_OF_COLUMNS = "wrong_number_of_columns"
    SCATTERED_GROUP = "scattered_group"
    INCOMPLETE_GROUP = "incomplete_group"
    ROWS_DISAGREE = "rows_disagree"
    # the field
    MISSING = "missing"
    UNKNOWN_FIELD = "unknown_field"
    NOT_ALLOWED = "not_allowed"
    INVALID = "invalid"
    UNMAPPED = "unmapped"
    NO_SUCH_DATE = "no_such_date"
    CONTROL_CHARACTER = "control_character"
    # the event
    UNIDENTIFIED = "unidentified"
    PROVIDER_MISMATCH = "provider_mismatch"
    REVISION_TAKEN = "revision_taken"
    REMOVED = "removed"
    TOO_LARGE = "too_large"


@dataclass(frozen=True, slots=True)
class Read:
    """A valid event. `row`: where it begins. Lines of JSON, records of CSV and rows of Excel count as the file shows them,
    the header being one; events of Common Formats XML and entries of a FHIR Bundle count from 1.
    """

    row: int
    event: SafetyEvent


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that gives no event. `column`: the file's column or the field's path; `hint`: what would be right."""

    row: int
    column: str
    reason: Reason
    hint: str


Outcome = Read | Fault


@dataclass(frozen=True, slots=True)
class Origin:
    """Whose events a file holds, by the PSO-assigned id, and which incident system wrote it."""

    provider: str
    system: str
