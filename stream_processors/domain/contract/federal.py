"""What the law allows, as a table: the widest that any contract or State can say, each limit with its paragraph."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from schemas.grades import Grade
from schemas.restrictions import DatePrecision
from stream_processors.domain.contract.document import Recipient
from stream_processors.domain.publication.policy import Policy

STATE_FLOOR = "42 U.S.C. 299b-22(g)"
"""State law that protects more stands beside the Act; what protects less does not."""

HOUSE = Policy()
"""Suppression of this house: no contract may ask for less."""


@dataclass(frozen=True, slots=True)
class GradeLaw:
    """What may leave in one grade, to whom, and by which paragraphs. `dates` None: there are no dates of events in it."""

    permitted_by: str
    recipients: frozenset[Recipient]
    dates: DatePrecision | None
    dates_by: str


ANYBODY = frozenset(Recipient)

FEDERAL: Mapping[Grade, GradeLaw] = MappingProxyType(
    {
        Grade.P0: GradeLaw("42 CFR 3.206(b)(4)(ii)", frozenset({Recipient.CONTRACTOR}), DatePrecision.DAY, ""),
        Grade.P1: GradeLaw(
            "42 CFR 3.206(b)(4)(iv)",
            frozenset({Recipient.ANOTHER_PSO, Recipient.REPORTING_PROVIDER}),
            DatePrecision.DAY,
            "45 CFR 164.514(e)(2)",
        ),
        Grade.P2: GradeLaw(
            "42 CFR 3.206(b)(5), 3.212(a)(2)",
            ANYBODY,
            DatePrecision.YEAR,
            "42 CFR 3.212(a)(2), 45 CFR 164.514(b)(2)(i)(C)",
        ),
        Grade.A: GradeLaw("42 CFR 3.206(b)(5)", ANYBODY, None, ""),
    }
)
"""A grade that is not here leaves by no arrangement."""

OTHER_WAYS: Mapping[Recipient, str] = MappingProxyType(
    {
        Recipient.AFFILIATE: "a provider's own act: 42 CFR 3.206(b)(4)(iii)",
        Recipient.ACCREDITOR: "a provider's own act: 42 CFR 3.206(b)(8)",
        Recipient.FDA: "about a product that it regulates: 42 CFR 3.206(b)(7)",
        Recipient.RESEARCHER: "for sanctioned research alone: 42 CFR 3.206(b)(6)",
        Recipient.LAW_ENFORCEMENT: "about a crime, as 42 CFR 3.206(b)(10) says, and never by contract",
        Recipient.PSO_PARENT: "behind the wall of a component PSO: 42 CFR 3.102(c)",
        Recipient.INSURER: "no paragraph of 42 CFR 3.206(b) lets it",
        Recipient.STATE_AGENCY: "no paragraph of 42 CFR 3.206(b) lets it; 3.204(a) protects from its order",
    }
)
"""What the law says of recipients that a grade does not go to."""

SERVED: Mapping[Grade, frozenset[Recipient]] = MappingProxyType(
    {
        Grade.P1: frozenset({Recipient.ANOTHER_PSO, Recipient.REPORTING_PROVIDER}),
        Grade.P2: frozenset({Recipient.PUBLIC}),
        Grade.A: frozenset({Recipient.PUBLIC}),
    }
)
"""Whom the topic, the schema or the release of a grade serves. An event enters only where its contract permits all of them."""

_FINEST_FIRST = tuple(DatePrecision)


def coarser_of(one: DatePrecision, other: DatePrecision) -> DatePrecision:
    """The one that says less of a day."""
    return max(one, other, key=_FINEST_FIRST.index)


def finer(one: DatePrecision, other: DatePrecision) -> bool:
    """Whether the first says more of a day than the other."""
    return _FINEST_FIRST.index(one) < _FINEST_FIRST.index(other)
