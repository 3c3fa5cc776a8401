"""The protection grades of a record, a topic or a table, and the order in which protection may grow."""

from enum import StrEnum


class Grade(StrEnum):
    """What still identifies somebody in a record of this grade. Least protected use is the least identifiable."""

    P0 = "P0"  # identified: provider <-> its PSO, 42 CFR 3.206(b)(4)(i)
    P1 = "P1"  # anonymized: 42 CFR 3.206(b)(4)(iv)
    P2 = "P2"  # nonidentifiable by removal: 42 CFR 3.206(b)(5), 3.212(a)(2)
    P3 = "P3"  # nonidentifiable by statistics: 42 CFR 3.206(b)(5), 3.212(a)(1)
    A = "A"  # aggregate: cells under suppression

    @property
    def schema(self) -> str:
        """The warehouse schema that holds tables of this grade."""
        return _SCHEMAS[self]

    def is_less_protected_than(self, other: "Grade") -> bool:
        """True where a record of this grade may be seen by people who may not see `other`."""
        return _ORDER.index(self) > _ORDER.index(other)


_ORDER = (Grade.P0, Grade.P1, Grade.P3, Grade.P2, Grade.A)  # from the most closely held to the most widely seen
_SCHEMAS = {
    Grade.P0: "protected",
    Grade.P1: "anonymized",
    Grade.P2: "nonidentified",
    Grade.P3: "statistical",
    Grade.A: "published",
}
