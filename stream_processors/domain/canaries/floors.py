"""Under which recall a round of canaries is a finding: one table, by type and grade.

Measured with this engine on 21,000 canaries, 100 rounds of 210 (tests/benchmarks/canaries.py prints it again). Where nothing
leaked, one leak is a finding. Elsewhere the floor lies where chance alone puts a round less than once in 100,000, and under the
worst of the 100 rounds. A floor is an alarm for a change, never a goal: goals are in docs/deidentification-benchmark.md.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from schemas.grades import Grade
from stream_processors.domain.canaries.labels import Planted

STAYS = None
"""The law lets this type stay in that grade: 42 CFR 3.206(b)(4)(iv)(A)(2), 45 CFR 164.514(e)(2)."""
NONE = 0.99
"""Nothing leaked when this was measured."""
MOST_QUARANTINED = 0.05
"""Share of a grade's canaries. Measured 0.0002. What is withheld is not judged: with all withheld, recall would say nothing."""
MOST_REMOVED = 0.10
"""Share of clinical terms. Measured 0.012 in P1 and 0.021 in P2, at most 0.044 in a round."""
ROUND = 210
"""Canaries in a round: three through every frame. With fewer, chance is stronger than these floors allow for."""


class Floor(NamedTuple):
    """The least recall of one type."""

    type: Planted
    anonymized: float | None
    nonidentified: float | None
    remark: str

    def of(self, grade: Grade) -> float | None:
        """The floor in a grade, None where the type may stay."""
        return self.anonymized if grade is Grade.P1 else self.nonidentified


_TABLE = (
    Floor(Planted.NAME, 0.95, 0.95, "measured .990 and .991; surnames that are words, without a title, stay"),
    Floor(Planted.NAME_LOWER_CASE, 0.91, 0.91, "measured .993 and .994"),
    Floor(Planted.NAME_CAPITALS, 0.88, 0.88, "measured .995"),
    Floor(Planted.NAME_INVERTED, 0.86, 0.86, "measured .985; misses `Cross, A.`"),
    Floor(Planted.NAME_MISSPELT, 0.90, 0.90, "measured .998"),
    Floor(Planted.INITIALS, 0.66, 0.66, "measured .903; bare `MM` stays"),
    Floor(Planted.FILE_NAME, 0.47, 0.50, "measured .801 and .823; misses `photo_Name814.png`"),
    Floor(Planted.USER_NAME, 0.73, 0.73, "measured .958"),
    Floor(Planted.DATE, STAYS, NONE, "month and day; the year may stay in P2"),
    Floor(Planted.HOLIDAY, STAYS, 0.81, "measured .981; misses New Year's Day in one case of letters"),
    Floor(Planted.AGE, STAYS, 0.58, "measured .855; misses a bare number after `at` or `is`"),
    Floor(Planted.PHONE, 0.78, NONE, "measured .956 in P1; misses `(503)555-0167` there"),
    Floor(Planted.EXTENSION, NONE, NONE, "the digits"),
    Floor(Planted.EMAIL, NONE, NONE, "whole"),
    Floor(Planted.URL, NONE, NONE, "whole"),
    Floor(Planted.IP, NONE, NONE, "whole"),
    Floor(Planted.MRN, NONE, NONE, "behind a label"),
    Floor(Planted.ACCOUNT, NONE, NONE, "behind a label"),
    Floor(Planted.SSN, NONE, NONE, "numbers that were never given out"),
    Floor(Planted.PLAN, 0.79, 0.79, "measured .984; misses an MBI with hyphens without a label"),
    Floor(Planted.SERIAL, 0.69, 0.81, "measured .932 and .979"),
    Floor(Planted.EVENT, STAYS, NONE, "not among the identifiers of P1; leaves P2 as any unique number"),
    Floor(Planted.VEHICLE, 0.38, 0.38, "measured .723; plates without the word are the weakest type"),
    Floor(Planted.LICENSE, NONE, NONE, "licence, NPI, DEA number"),
    Floor(Planted.FACILITY, 0.90, 0.89, "measured .996"),
    Floor(Planted.FACILITY_SHORT, 0.73, 0.72, "measured .958 and .961; misses `St. Verena's` and three bare letters"),
    Floor(Planted.WING, 0.33, 0.41, "measured .733 and .787; misses `5 West Name`"),
    Floor(Planted.STREET, 0.64, 0.82, "measured .887 and .976; misses lower case"),
    Floor(Planted.CITY, STAYS, NONE, "towns stay in P1"),
    Floor(Planted.ZIP, STAYS, NONE, "ZIP codes stay in P1"),
)
FLOORS: Mapping[Planted, Floor] = MappingProxyType({floor.type: floor for floor in _TABLE})


def must_go(type_: Planted, grade: Grade) -> bool:
    """Whether the type identifies in this grade."""
    return FLOORS[type_].of(grade) is not None
