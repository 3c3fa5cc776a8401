"""Funnels: the limits hold what they say they hold, and they are the exact ones interpolated."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, poisson

from stream_processors.domain.signals.funnel import ACTION, WARNING, band


def test_a_limit_by_hand() -> None:
    """Poisson 10: P(X <= 4) = 0.0293, P(X <= 3) = 0.0103, so 2.5 % lies at 4 - (0.0293 - 0.025) / (0.0293 - 0.0103)."""
    low, high = poisson.cdf([3, 4], 10)
    found = band(0.01, [1000], WARNING, proportion=False)
    assert found.lower[0] * 1000 == pytest.approx(4 - (high - 0.025) / (high - low))


@given(st.floats(0.01, 0.99), st.integers(1, 3000))
def test_no_more_units_lie_outside_than_the_limits_say(target: float, n: int) -> None:
    found = band(target, [n], ACTION, proportion=True)
    y = np.arange(n + 1)
    outside = (y / n < found.lower[0]) | (y / n > found.upper[0])
    tails = binom.pmf(y, n, target)[outside].sum()
    assert tails <= (1 - ACTION) + 2 * binom.pmf(y, n, target)[~outside].max()


@given(st.floats(0.001, 0.5), st.floats(1, 1e5))
def test_the_wide_limits_hold_the_narrow_ones(target: float, n: float) -> None:
    wide, narrow = (band(target, [n], inside, proportion=False) for inside in (ACTION, WARNING))
    assert wide.lower[0] <= narrow.lower[0] <= narrow.upper[0] <= wide.upper[0]
