"""Which cells may not be shown for their own sake: too small, of too few contributors, or dominated by one of them."""

from collections.abc import Sequence
from enum import StrEnum

from stream_processors.domain.publication.policy import Dominance, Policy, Zeros


class Sensitive(StrEnum):
    """Why a cell is hidden for its own sake."""

    SMALL = "small"
    FEW_CONTRIBUTORS = "few_contributors"
    DOMINATED = "dominated"


def sensitive(count: int, policy: Policy, by_contributor: Sequence[int] | None = None) -> Sensitive | None:
    """Why this cell must be hidden, or None. `by_contributor`: what each provider contributed, where that is known.

    CMS cell suppression for the size; at least `policy.contributors` providers, the usual rule of PSOs and benchmarks.
    """
    if 1 <= count <= policy.threshold or (count == 0 and policy.zeros is Zeros.HIDDEN):
        return Sensitive.SMALL
    if count == 0 or by_contributor is None:
        return None
    shares = sorted((share for share in by_contributor if share > 0), reverse=True)
    if len(shares) < policy.contributors:
        return Sensitive.FEW_CONTRIBUTORS
    return Sensitive.DOMINATED if dominated(shares, policy.dominance) else None


def dominated(shares: Sequence[int], rule: Dominance) -> bool:
    """Whether the (n, k) or the p-per-cent rule forbids a cell of these contributions.

    (n, k): the n largest hold more than k % of the total. p %: total - x1 - x2 < p/100 * x1, so that the second largest
    contributor, who knows x2, could estimate x1 to within p % (Hundepool et al. 2012, 4.2.1).
    """
    largest = sorted(shares, reverse=True)
    total = sum(largest)
    if rule.k is not None and sum(largest[: rule.n]) > rule.k / 100 * total:
        return True
    return rule.p is not None and total - sum(largest[:2]) < rule.p / 100 * largest[0]


def may_have_percentiles(contributors: int, policy: Policy) -> bool:
    """Percentiles of few providers are those providers: from `policy.percentile_contributors` on."""
    return contributors >= policy.percentile_contributors
