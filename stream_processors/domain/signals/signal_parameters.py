"""What the streaming methods are pinned to: prior, usual shares, boundary, minimums. Made by a refit, in force until the next.

A score is comparable with yesterday's only if both were made with the same numbers, and a sequential test whose boundary is
chosen after the data were seen has no error probability. So all numbers are in one file, and its digest is in every signal.
"""

import hashlib
from collections.abc import Mapping
from typing import Annotated

import msgspec
from msgspec import Meta

from schemas.taxonomy import Harm, ProviderType, Setting
from stream_processors.domain.faults import Fault, Faulty
from stream_processors.domain.signals.hyperparameters import Hyperparameters

Share = Annotated[float, Meta(gt=0, le=1)]
YearAndMonth = Annotated[str, Meta(pattern=r"^\d{4}-(0[1-9]|1[0-2])\Z")]
Above = Annotated[float, Meta(gt=0)]

ROUNDING = 1e-6
"""How far the shares of one kind of provider may be from 1 in sum."""


class InvalidParameters(Faulty):
    """The file of signal parameters cannot be used."""


class Boundary(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A Poisson MaxSPRT, fixed before its first look: Kulldorff et al. 2011. `horizon` is in expected events."""

    critical_value: Above
    horizon: Above
    alpha: Annotated[float, Meta(gt=0, lt=1)]
    fewest: Annotated[int, Meta(ge=1)] = 4


class Minimums(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Below them nothing is raised: events, providers, and how much of the events the largest provider may have."""

    events: Annotated[int, Meta(ge=1)] = 3
    contributors: Annotated[int, Meta(ge=2)] = 3
    largest_share: Annotated[float, Meta(gt=0, le=1)] = 0.5


class Parameters(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything pinned. Events before `first_month` and of other harms are not looked at.

    `shares`: of the events of each kind of provider, which part is reported from each setting; expectations are made of
    them. A kind of provider that the history does not know counts as having every setting alike.
    """

    first_month: YearAndMonth
    theta: Hyperparameters
    shares: Mapping[ProviderType, Mapping[Setting, Share]]
    maxsprt: Boundary
    minimums: Minimums = Minimums()
    harms: tuple[Harm, ...] = (Harm.DEATH, Harm.SEVERE, Harm.MODERATE)
    eb05: Above = 2.0
    ic025: float = 0.0

    def share(self, provider_type: ProviderType, setting: Setting) -> float:
        """Of the events of such providers, which part is usually reported from this setting; above 0."""
        known = self.shares.get(provider_type)
        return known[setting] if known else 1 / len(Setting)

    @property
    def digest(self) -> str:
        """By which signals name these parameters: the first half of a SHA-256 over all of them."""
        return hashlib.sha256(msgspec.json.encode(self, order="deterministic")).hexdigest()[:32]


def parse_parameters(text: str) -> Parameters:
    """The parameters of a JSON file. Raises InvalidParameters."""
    try:
        found = msgspec.json.decode(text, type=Parameters)
    except msgspec.DecodeError as error:  # its message has the path and what is expected there
        raise InvalidParameters([Fault("signal parameters", str(error))]) from None
    faults = [
        Fault(f"signal parameters, shares.{kind}", "one for every setting, and 1 in sum")
        for kind, shares in found.shares.items()
        if shares.keys() != set(Setting) or abs(sum(shares.values()) - 1) > ROUNDING
    ]
    if faults:
        raise InvalidParameters(faults)
    return found


def written(parameters: Parameters) -> str:
    """The file: the same parameters have the same bytes."""
    return msgspec.json.format(msgspec.json.encode(parameters, order="deterministic"), indent=2).decode() + "\n"
