"""What a PSO decides about the counts it publishes. The law sets no number; CMS's rule of 1 to 10 is the usual one."""

from dataclasses import dataclass
from enum import StrEnum


class Zeros(StrEnum):
    """What becomes of a cell in which nothing was counted."""

    SHOWN = "shown"  # CMS cell suppression: zero is allowed, so no zero is ever hidden
    SPARE = "spare"  # shown, unless hiding it protects another cell
    HIDDEN = "hidden"  # sensitive like a small count: that nothing was reported is itself a fact about reporting


class Attacker(StrEnum):
    """What somebody who wants a hidden count is taken to know beside the published ones."""

    INFORMED = "informed"  # also the threshold, and which cells are hidden for it and which to protect others
    STANDARD = "standard"  # that totals are sums, and that no count is negative

    @classmethod
    def _missing_(cls, value: object) -> "Attacker | None":
        """Plans and manifests of releases that were made under the former name."""
        return cls.INFORMED if value == "knows-rule" else None


@dataclass(frozen=True, slots=True)
class Dominance:
    """(n, k): the n largest contributors hold more than k per cent. p per cent: the second could guess the first so closely.

    Hundepool et al., Statistical Disclosure Control (2012), section 4.2.1. A rule whose numbers are None is not applied.
    """

    n: int = 1
    k: float | None = None
    p: float | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """`threshold`: counts from 1 to it are hidden. `protection`: width of what an attacker can at best narrow a count to.

    `contributors`: a cell of fewer providers is hidden. `percentile_contributors`: no percentile below that many.
    Against one who knows the rule no protection can be wider than the rule's own 1 to `threshold`.
    Raises ValueError for numbers that cannot hold.
    """

    threshold: int = 10
    protection: int = 5
    zeros: Zeros = Zeros.SHOWN
    attacker: Attacker = Attacker.INFORMED
    contributors: int = 3
    percentile_contributors: int = 10
    dominance: Dominance = Dominance()

    def __post_init__(self) -> None:
        if self.threshold < 1 or self.protection < 1 or self.contributors < 1:
            raise ValueError("threshold, protection and contributors are at least 1")
