"""Which cells are hidden for their own sake."""

import pytest

from stream_processors.domain.publication.policy import Dominance, Policy, Zeros
from stream_processors.domain.publication.sensitivity import may_have_percentiles, sensitive

SPREAD = Policy(dominance=Dominance(n=1, k=60))
GUESSED = Policy(dominance=Dominance(p=10))

TABLE = [
    (0, None, Policy(), None, "CMS: zero is allowed"),
    (0, None, Policy(zeros=Zeros.HIDDEN), "small", "unless the policy says otherwise"),
    (1, None, Policy(), "small", "the least"),
    (10, None, Policy(), "small", "the threshold itself"),
    (11, None, Policy(), None, "one more"),
    (11, [], Policy(), "few_contributors", "nobody is known to stand behind it"),
    (30, [15, 15, 0], Policy(), "few_contributors", "who contributed nothing is none"),
    (30, [10, 10, 10], Policy(), None, "three"),
    (5, [5], Policy(), "small", "small comes first"),
    (100, [61, 20, 19], SPREAD, "dominated", "one holds more than 60 %"),
    (100, [60, 20, 20], SPREAD, None, "exactly 60 % is not more"),
    (100, [50, 46, 4], GUESSED, "dominated", "the second knows the first to within 4, less than 10 % of 50"),
    (100, [50, 45, 5], GUESSED, None, "to within 5, exactly 10 %"),
]


@pytest.mark.parametrize(("count", "shares", "policy", "why", "remark"), TABLE, ids=[row[4] for row in TABLE])
def test_a_cell_is_sensitive(count: int, shares: list[int] | None, policy: Policy, why: str | None, remark: str) -> None:
    assert sensitive(count, policy, shares) == why, remark


@pytest.mark.parametrize(("contributors", "may"), [(9, False), (10, True)])
def test_percentiles_need_ten_contributors(contributors: int, may: bool) -> None:
    assert may_have_percentiles(contributors, Policy()) is may


@pytest.mark.parametrize("wrong", [{"threshold": 0}, {"protection": 0}, {"contributors": 0}])
def test_a_policy_that_cannot_hold_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        Policy(**wrong)  # type: ignore[arg-type]
