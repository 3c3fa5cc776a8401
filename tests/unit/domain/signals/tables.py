"""2x2 tables as the functions take them."""

from collections.abc import Sequence

import numpy as np

from stream_processors.domain.signals.contingency import PairCounts


def counts(*tables: Sequence[int]) -> PairCounts:
    """Each table a, b, c, d; all of as many reports."""
    (total,) = {sum(table) for table in tables}
    a, b, c, _ = np.array(tables, dtype=np.int64).T
    return PairCounts(a, a + b, a + c, total, (a + b) * (a + c) / total)


def observed(n: Sequence[int], e: Sequence[float]) -> PairCounts:
    """Counts with an expectation that no margin explains, as a stratified one."""
    cells = np.array(n, dtype=np.int64)
    return PairCounts(cells, cells + 1000, cells + 1000, 100_000, np.array(e))
