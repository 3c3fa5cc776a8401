"""The prior of the gamma-Poisson shrinker: how far reporting rates of all pairs lie from what is expected."""

import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields


class InvalidHyperparameters(ValueError):
    """Hyperparameters that are no prior: which, and why."""


@dataclass(frozen=True, slots=True)
class Hyperparameters:
    """lambda ~ p Gamma(alpha1, rate beta1) + (1-p) Gamma(alpha2, rate beta2): DuMouchel 1999, eq. 4.

    The components can change places without changing the prior; what is fitted has the greater mean first.
    Raises InvalidHyperparameters.
    """

    alpha1: float
    beta1: float
    alpha2: float
    beta2: float
    p: float

    def __post_init__(self) -> None:
        """Numbers above 0, and p below 1."""
        for name, value in zip(NAMES, astuple(self), strict=True):
            if not (math.isfinite(value) and value > 0):
                raise InvalidHyperparameters(f"{name} must be a number above 0")
        if self.p >= 1:
            raise InvalidHyperparameters("p must be below 1")

    def ordered(self) -> "Hyperparameters":
        """The same prior, the component with the greater mean first."""
        if self.alpha1 / self.beta1 >= self.alpha2 / self.beta2:
            return self
        return Hyperparameters(self.alpha2, self.beta2, self.alpha1, self.beta1, 1 - self.p)

    def values(self) -> Sequence[float]:
        """In the order of the fields."""
        return self.alpha1, self.beta1, self.alpha2, self.beta2, self.p


NAMES = tuple(field.name for field in fields(Hyperparameters))
