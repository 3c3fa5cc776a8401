"""What counts are divided by: patient days, discharges and encounters of a provider in a month, with revisions of their own."""

from dataclasses import dataclass
from enum import StrEnum

MOST = 1_000_000_000
"""No provider has more of anything in a month; a larger number is a slip."""


class DenominatorKind(StrEnum):
    """What is counted of a provider's work."""

    PATIENT_DAYS = "patient_days"
    DISCHARGES = "discharges"
    ENCOUNTERS = "encounters"


@dataclass(frozen=True, slots=True)
class Denominator:
    """One revision of one denominator; the highest revision counts. Without a quantity it takes the former back."""

    provider: str
    month: str
    kind: DenominatorKind
    revision: int
    quantity: int | None
