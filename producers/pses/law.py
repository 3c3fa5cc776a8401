"""The paragraphs of the definition of patient safety work product (42 CFR 3.20) on which a move is allowed or refused."""

from enum import StrEnum


class Paragraph(StrEnum):
    """Where the rule stands, as a lawyer looks it up."""

    ENTRY = "42 CFR 3.20, patient safety work product (1)(i)(A)"
    """Documented as within the PSES for reporting to a PSO; the documentation includes the date of entry."""
    DELIBERATION = "42 CFR 3.20, patient safety work product (1)(ii)"
    """What identifies or constitutes the deliberations or analysis of a PSES, or the fact of reporting."""
    SEPARATE = "42 CFR 3.20, patient safety work product (2)(i)"
    """Information that exists separately from the PSES is no work product, and does not become it by being reported."""
    NOT_YET_REPORTED = "42 CFR 3.20, patient safety work product (2)(ii)(A)"
    """Removal only of information that has not yet been reported to a PSO."""
    DOCUMENTED_REMOVAL = "42 CFR 3.20, patient safety work product (2)(ii)(B)"
    """The provider documents the act and date of removal."""
