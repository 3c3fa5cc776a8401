"""New parameters from the counts of the warehouse, and which signals they would change, before they are in force."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from schemas.records import CellCount, Signal
from schemas.taxonomy import ProviderType, Setting
from stream_processors.domain.aggregation import UNKNOWN_MONTH
from stream_processors.domain.signals import pooled_pairs
from stream_processors.domain.signals.gamma_poisson_fit import Fit, fit
from stream_processors.domain.signals.pair_signals import signals
from stream_processors.domain.signals.poisson_maxsprt import critical_value
from stream_processors.domain.signals.pooled_pairs import Key
from stream_processors.domain.signals.signal_parameters import Boundary, Parameters

PSEUDO_COUNT = 0.5
"""Added to every setting (Jeffreys): one that was never reported from has a small share, and an event there is expected."""


@dataclass(frozen=True, slots=True)
class Design:
    """What a person fixes before the refit: months learnt from, the first month watched, and the sequential test."""

    learn_from: str
    learn_until: str
    first_month: str
    horizon: float = 50.0
    fewest: int = 4
    alpha: float = 0.05


def refitted(counts: Iterable[CellCount], design: Design) -> tuple[Parameters, Fit]:
    """The parameters, and how the prior was fitted. Raises NothingToFit, and Unattainable where the test cannot be had."""
    learnt = [
        said
        for said in counts
        if said.cell.month != UNKNOWN_MONTH and design.learn_from <= said.cell.month <= design.learn_until
    ]
    shares = usual_shares(learnt)
    found = fit(*_pairs(learnt, shares))
    boundary = critical_value(design.horizon, design.fewest, design.alpha).critical_value
    return (
        Parameters(
            first_month=design.first_month,
            theta=found.theta,
            shares=shares,
            maxsprt=Boundary(boundary, design.horizon, design.alpha, design.fewest),
        ),
        found,
    )


def usual_shares(counts: Iterable[CellCount]) -> Mapping[ProviderType, Mapping[Setting, float]]:
    """Of the events of each kind of provider the part of each setting, whatever the category and harm."""
    events: dict[ProviderType, dict[Setting, int]] = defaultdict(lambda: dict.fromkeys(Setting, 0))
    for said in counts:
        events[said.cell.provider_type][said.cell.setting] += said.count
    return {
        kind: {
            setting: (count + PSEUDO_COUNT) / (sum(of_kind.values()) + PSEUDO_COUNT * len(of_kind))
            for setting, count in of_kind.items()
        }
        for kind, of_kind in sorted(events.items())
    }


def _pairs(
    counts: Iterable[CellCount], shares: Mapping[ProviderType, Mapping[Setting, float]]
) -> tuple[np.ndarray, np.ndarray]:
    """Events and expectation of every setting of every category and harm, as pair_signals has them."""
    by_kind: dict[pooled_pairs.Kind, dict[tuple[ProviderType, Setting], int]] = defaultdict(lambda: defaultdict(int))
    for said in counts:
        by_kind[said.cell.category, said.cell.harm][said.cell.provider_type, said.cell.setting] += said.count
    n, e = [], []
    for _, events in sorted(by_kind.items()):
        of_type: dict[ProviderType, int] = defaultdict(int)
        for (provider_type, _), count in sorted(events.items()):
            of_type[provider_type] += count
        for setting in Setting:
            n.append(sum(count for (_, where), count in events.items() if where is setting))
            e.append(sum(count * shares[provider_type][setting] for provider_type, count in of_type.items()))
    return np.array(n, dtype=np.int64), np.array(e)


@dataclass(frozen=True, slots=True)
class Change:
    """A signal that is raised under one of two sets of parameters, and the scores under both; None where too few providers."""

    key: Key
    raised: bool
    before: float | None
    after: float | None


def changes(counts: Sequence[CellCount], before: Parameters | None, after: Parameters) -> list[Change]:
    """Which signals new parameters would raise, and which they would take back, at the counts of now."""
    old, new = ({} if before is None else _said(counts, before)), _said(counts, after)
    found = []
    for key in sorted(old.keys() | new.keys()):
        was, is_now = old.get(key), new.get(key)
        raised = is_now is not None and is_now.raised
        if raised != (was is not None and was.raised):
            found.append(Change(key, raised, was.score if was else None, is_now.score if is_now else None))
    return found


def _said(counts: Sequence[CellCount], parameters: Parameters) -> dict[Key, Signal]:
    pool = pooled_pairs.Pool()
    touched = pooled_pairs.fold(pool, counts, parameters)
    said = signals(pool, touched, parameters, (0, 0))
    return {(s.method, s.category, s.harm, s.setting): s for s in said if s.setting is not None}
