"""What becomes of every field of an event in every lawful output: the one table that the disclosures obey.

A field without a rule never leaves, because the disclosures see an event through `rules_applied.permitted` alone; and a test
fails for it. Outputs that this version does not make have a column all the same, so that nobody takes silence for a permit.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from schemas.grades import Grade
from stream_processors.domain.deidentification.rules_event import EVENT
from stream_processors.domain.deidentification.rules_parts import PARTS
from stream_processors.domain.deidentification.rules_people import PEOPLE
from stream_processors.domain.deidentification.rules_treatments import Rule, Treatment


class Output(StrEnum):
    """The outputs that 42 CFR Part 3 knows for an event that leaves identified use."""

    P1 = "P1"  # anonymized: 3.206(b)(4)(iv)
    ACCREDITOR = "P1a"  # a provider's accrediting body: 3.206(b)(8)
    P2 = "P2"  # nonidentifiable by removal: 3.212(a)(2)
    P3 = "P3"  # nonidentifiable by statistics: 3.212(a)(1)


ROWS: Mapping[str, tuple[Rule, Rule]] = MappingProxyType({**EVENT, **PEOPLE, **PARTS})
"""Path of the field -> its rules in P1 and in P2."""

_NOT_RELEASED = {
    Output.ACCREDITOR: Rule(
        Treatment.NOT_RELEASED,
        "42 CFR 3.206(b)(8)",
        "A provider's own act: other identified providers agree, or their 13 identifiers go as in P1.",
    ),
    Output.P3: Rule(
        Treatment.NOT_RELEASED,
        "42 CFR 3.212(a)(1)",
        "A person with knowledge of statistical methods determines a very small risk and documents it.",
    ),
}


def rules_of(output: Output) -> Mapping[str, Rule]:
    """Path of the field -> its rule in one output."""
    if output in _NOT_RELEASED:
        return MappingProxyType(dict.fromkeys(ROWS, _NOT_RELEASED[output]))
    place = 0 if output is Output.P1 else 1
    return MappingProxyType({path: row[place] for path, row in ROWS.items()})


def output_of(grade: Grade) -> Output:
    """The output whose records have this grade. Raises ValueError for a grade that is no output of single events."""
    return Output(grade.value)
