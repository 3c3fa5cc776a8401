"""Why a record cannot go on: a closed list of reasons. A rejection never holds a value."""

from enum import StrEnum


class Reason(StrEnum):
    """The reason code of a dead letter. Codes are public: dashboards, alerts and the runbook name them."""

    # the bytes are no record (schemas.codec.Undecodable)
    EMPTY = "empty"
    NOT_FRAMED = "not_framed"
    UNKNOWN_SCHEMA = "unknown_schema"
    UNEXPECTED_RECORD = "unexpected_record"
    NOT_AVRO = "not_avro"
    TRAILING_BYTES = "trailing_bytes"
    INVALID_FIELD = "invalid_field"
    # the record breaks a rule
    PROVIDER_MISMATCH = "provider_mismatch"
    ARRANGEMENT_NOT_IN_FORCE = "arrangement_not_in_force"
    OUT_OF_SCOPE = "out_of_scope"
    INCOMPLETE = "incomplete"
    CONTRADICTORY = "contradictory"
    # the warehouse refused the row
    REFUSED_BY_WAREHOUSE = "refused_by_warehouse"
    # de-identification could not vouch for the output
    QUARANTINED = "quarantined"
    # too few events share its characteristics: it would single somebody out (42 CFR 3.212(a)(2)(i)(D))
    RARE = "rare"
    # our fault: limited, then the worker stops
    UNEXPECTED = "unexpected"


class Rejected(Exception):
    """The record is wrong, for good. `path` names the field, never its value."""

    def __init__(self, reason: Reason, path: str = "") -> None:
        super().__init__(f"{reason} {path}".rstrip())
        self.reason = reason
        self.path = path


class Unavailable(Exception):
    """The world is away: the offset stays, the step waits. `what` names a dependency, `retry_after` is in seconds."""

    def __init__(self, what: str, retry_after: float = 0.2) -> None:
        super().__init__(what)
        self.what = what
        self.retry_after = retry_after
