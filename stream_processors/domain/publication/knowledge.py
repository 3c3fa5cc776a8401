"""What is known of one cell once it is hidden, and whether it has to be: the rule itself says more than that it is hidden."""

import math
from dataclasses import dataclass

from stream_processors.domain.publication.policy import Attacker, Policy, Zeros
from stream_processors.domain.publication.sensitivity import Sensitive


@dataclass(frozen=True, slots=True)
class CellKnowledge:
    """`low`, `high`: the least and the greatest that the cell can be for one who sees that it is hidden."""

    must: bool
    may: bool
    low: float
    high: float


def of_hidden(count: int, why: Sensitive | None, policy: Policy) -> CellKnowledge:
    """What the attacker of this policy would know of a cell, hidden for this reason or to protect another."""
    may = why is not None or count > 0 or policy.zeros is Zeros.SPARE
    if policy.attacker is Attacker.STANDARD:
        return CellKnowledge(why is not None, may, 0.0, math.inf)
    least = 0.0 if policy.zeros is Zeros.HIDDEN else 1.0
    if why is Sensitive.SMALL:
        return CellKnowledge(True, True, least, float(policy.threshold))
    if why is not None:  # of few contributors: of any size
        return CellKnowledge(True, True, least, math.inf)
    return CellKnowledge(False, may, 0.0 if policy.zeros is Zeros.SPARE else policy.threshold + 1.0, math.inf)
