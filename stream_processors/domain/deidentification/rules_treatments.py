"""What may become of a field, and the words in which the table of rules is written."""

from dataclasses import dataclass
from enum import StrEnum


class Treatment(StrEnum):
    """What becomes of one field in one output."""

    KEEP = "keep"
    KEEP_IF_CLEAN = "keep if clean"
    """As it is, where it holds no identifier of this event and nothing shaped like one; else it goes."""
    GENERALISE = "generalise"
    SURROGATE = "surrogate"
    """A random one from the vault in its place, derived from nothing: 42 CFR 3.212(a)(3)."""
    NARRATIVE_ENGINE = "narrative engine"
    DECIDES = "decides"
    """Goes, having decided which other fields leave."""
    DROP = "drop"
    NOT_RELEASED = "not released"

    @property
    def is_seen(self) -> bool:
        """Whether a disclosure sees the value at all."""
        return self in _SEEN


_SEEN = frozenset(
    {Treatment.KEEP, Treatment.KEEP_IF_CLEAN, Treatment.GENERALISE, Treatment.NARRATIVE_ENGINE, Treatment.DECIDES}
)


@dataclass(frozen=True, slots=True)
class Rule:
    """What becomes of a field, by which paragraph, and why."""

    treatment: Treatment
    paragraph: str
    """That demands or allows it; `none` where no paragraph speaks of such a field and it goes all the same."""
    reason: str
    becomes: str = ""
    """Path in the record of the output; empty where nothing of it is there."""


def keep(paragraph: str, becomes: str, reason: str = "Identifies nobody.") -> Rule:
    """It leaves as it is."""
    return Rule(Treatment.KEEP, paragraph, reason, becomes)


def clean(paragraph: str, becomes: str, reason: str) -> Rule:
    """It leaves as it is, where it is clean."""
    return Rule(Treatment.KEEP_IF_CLEAN, paragraph, reason, becomes)


def generalise(paragraph: str, becomes: str, reason: str) -> Rule:
    """Only a more general value leaves."""
    return Rule(Treatment.GENERALISE, paragraph, reason, becomes)


def drop(paragraph: str, reason: str) -> Rule:
    """Nothing of it leaves."""
    return Rule(Treatment.DROP, paragraph, reason)


P1 = "42 CFR 3.206(b)(4)(iv)"
P2 = "42 CFR 3.212(a)(2)"
LIMITED = "45 CFR 164.514(e)(2)"
HARBOR = "45 CFR 164.514(b)(2)(i)"
CONTRACT = "42 CFR 3.206(e)"

NO_NEED = drop("none", "No recipient needs it: what has no purpose does not leave.")
UNNEEDED = (NO_NEED, NO_NEED)


def kept(becomes: str, reason: str = "Identifies nobody.") -> tuple[Rule, Rule]:
    """A field that leaves as it is in both outputs."""
    return keep(P1, becomes, reason), keep(P2, becomes, reason)


def provider_identifier(number: int, what: str) -> tuple[Rule, Rule]:
    """One of the 13 identifiers of a provider or of its workforce: gone from both outputs."""
    return drop(f"{P1}(A)({number})", what), drop(f"{P2}(i)(A)", what)


def patient_identifier(limited: str, harbor: str, what: str) -> tuple[Rule, Rule]:
    """An identifier of the patient by its number in a limited data set and its letter in the safe harbor: gone from both."""
    return drop(f"{LIMITED}({limited})", what), drop(f"{HARBOR}({harbor})", what)
