"""Of many pairs that are tested at once: which can be told with a known share of false ones among them.

Benjamini, Hochberg (1995), Journal of the Royal Statistical Society B 57: 289-300; under any dependence, Benjamini, Yekutieli
(2001), Annals of Statistics 29: 1165-1188. The arithmetic is scipy's.
"""

import numpy as np
import numpy.typing as npt
from scipy.stats import false_discovery_control

Floats = npt.NDArray[np.float64]


def adjusted(p: npt.ArrayLike, any_dependence: bool = False) -> Floats:
    """For each p-value the smallest false-discovery rate at which its pair would be told. Raises ValueError outside 0 to 1."""
    values = np.asarray(p, float)
    if values.size == 0:
        return values
    return np.asarray(false_discovery_control(values, method="by" if any_dependence else "bh"))


def discoveries(p: npt.ArrayLike, rate: float, any_dependence: bool = False) -> npt.NDArray[np.bool_]:
    """Which pairs are told when at most the share `rate` of them may be false, on average."""
    return adjusted(p, any_dependence) <= rate
