"""What the streaming scores read and say: a changed count, and a pair that was scored again. Frozen."""

from typing import NamedTuple

from stream_processors.domain.signals.report_counts import Margin

METHOD = "gamma-poisson-shrinker 1"


class CountChanged(NamedTuple):
    """How many reports of one contributor and one source partition stand behind a margin: absolute, zeros said."""

    margin: Margin
    contributor: str
    partition: int
    reports: int
    version: int


class RescoredPair(NamedTuple):
    """What is known of one pair now. `contributors` is how many have a report of it, never who.

    `prior` names the pinned hyperparameters, `look` counts how often this pair was scored at other counts. The columns from
    `n` to `eb95` are those of `scores`.
    """

    method: str
    prior: str
    exposure: str
    event: str
    contributors: int
    look: int
    partition: int
    version: int
    n: int
    n_exposure: int
    n_event: int
    n_reports: int
    e: float
    rr: float
    prr: float
    prr_lo: float
    prr_hi: float
    ror: float
    ror_lo: float
    ror_hi: float
    chi2_yates: float
    ic: float
    ic025: float
    ic025_approx: float
    ebgm: float
    eb05: float
    eb95: float
