"""Random count tables, whole and adding up."""

import numpy as np

from stream_processors.domain.publication.count_tables import CountTable


def table_of(inner: np.ndarray, table_id: str = "t") -> CountTable:
    """The table of these inner cells with all its margins."""
    whole = inner
    for axis in range(inner.ndim):
        whole = np.concatenate([whole, whole.sum(axis=axis, keepdims=True)], axis=axis)
    places, counts = [], []
    for index in np.ndindex(*whole.shape):
        labels = ["*" if i == inner.shape[axis] else f"{'rcl'[axis]}{i}" for axis, i in enumerate(index)]
        places.append((labels[0], labels[1], labels[2] if len(labels) == 3 else ""))
        counts.append(int(whole[index]))
    return CountTable(table_id, tuple(places), tuple(counts))


def random_table(seed: int, ways: int = 2, most: int = 5) -> CountTable:
    """A table of small counts, large ones and zeros."""
    rng = np.random.default_rng(seed)
    shape = tuple(int(size) for size in rng.integers(2, most + 1, ways))
    return table_of(np.floor(rng.gamma(rng.choice([0.4, 0.8, 1.5]), rng.choice([12, 40, 120]), shape)).astype(int))
