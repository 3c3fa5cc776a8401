"""What the rules know of an item: one revision of one event, where it stands and what it is."""

from dataclasses import dataclass
from enum import StrEnum


class PsesState(StrEnum):
    """The states of 42 CFR 3.20. Only `in_pses` is ever left again."""

    CAPTURED = "captured"  # read, not yet documented: no work product
    IN_PSES = "in_pses"
    REMOVED = "removed"
    REPORTED = "reported"


class Act(StrEnum):
    """What is done to an item, and the word under which the register keeps it."""

    ENTER = "enter"
    REMOVE = "remove"
    REPORT = "report"  # actual reporting: the PSO's broker acknowledged it
    REPORT_FUNCTIONALLY = "functional_report"  # it stays here, and the PSO has access under a clause of the contract


class Matter(StrEnum):
    """Why an item is work product, which decides whether it can ever leave."""

    FOR_REPORTING = "for_reporting"
    DELIBERATION = "deliberation"


@dataclass(frozen=True, slots=True)
class Item:
    """`offered`: handed to the broker and not answered, so that nobody can say whether the PSO has it."""

    event: str
    revision: int
    state: PsesState
    matter: Matter = Matter.FOR_REPORTING
    offered: bool = False
