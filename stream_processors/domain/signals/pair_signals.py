"""Which settings have more than their share of a category and harm: three methods on the same events and expectation.

- EB05 >= 2 (Szarfman et al. 2002), the prior pinned.
- IC025 > 0 (Norén et al. 2013).
- Poisson MaxSPRT (Kulldorff et al. 2011), the boundary pinned.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from schemas.records import Signal
from schemas.taxonomy import Setting
from stream_processors.domain.aggregation import UNKNOWN_MONTH
from stream_processors.domain.signals import gamma_poisson, information_component
from stream_processors.domain.signals.contingency import Reals, Wholes
from stream_processors.domain.signals.pair_looks import Looks, Pairs, alpha_spent, pairs, raisable, reached
from stream_processors.domain.signals.pooled_pairs import METHODS, SETTINGS, Kind, Pool, Tally
from stream_processors.domain.signals.pooled_rare_event import Pattern
from stream_processors.domain.signals.signal_parameters import Parameters

SHRUNK, INFORMATION, SEQUENTIAL = METHODS
STRATUM = "provider_type"
_NEAR = 1e-6
"""How much of a probability a score near its threshold is given, so that the score itself decides."""


class Scores(NamedTuple):
    """What each of METHODS says of every pair: a row for each pair, a column for each method."""

    value: Reals
    raised: NDArray[np.bool_]
    look: Wholes
    events: Wholes
    expected: Reals


class Numbers(NamedTuple):
    """The numbers of a signal, as its record names them."""

    events: int
    contributors: int
    pattern_events: int
    expected: float
    score: float
    threshold: float
    look: int
    alpha_spent: float | None


def signals(pool: Pool, touched: set[Pattern], parameters: Parameters, place: tuple[int, int]) -> Iterator[Signal]:
    """For every setting of a touched category and harm that holds or may once have held, whether each method raises it.

    `place` is the partition of counts and the offset of the last one. As for rare events, a setting that once held still has
    enough contributors here, if only with zeros. Every look of the sequential test is said, for it spends alpha; what the
    others take back is said without numbers, and once by one owner of the partition.
    """
    pool.unsaid = False
    kinds = sorted({pattern[:2] for pattern in touched} & pool.tallies.keys())
    tallies = [pool.tallies[kind] for kind in kinds]
    found = pairs(tallies, parameters)
    scores = _scores(found, tallies, parameters)
    logged = scores.raised | [method == SEQUENTIAL for method in METHODS]
    said = _news(tallies, found, logged)
    counted = logged & (found.reporting >= parameters.minimums.contributors)[:, None]
    where, digest = np.nonzero(said), parameters.digest
    rows = zip(*(column.tolist() for column in where), scores.raised[where].tolist(), counted[where].tolist(), strict=True)
    of_pair = [
        (kinds[tally], SETTINGS[setting]) for tally, setting in zip(found.tally.tolist(), found.setting.tolist(), strict=True)
    ]
    for (pair, method, is_raised, is_counted), numbers in zip(rows, _numbers(found, scores, where, parameters), strict=True):
        shown = numbers if is_counted else None
        yield _signal(METHODS[method], of_pair[pair], shown, is_raised, (digest, *place))


def _scores(found: Pairs, tallies: Sequence[Tally], parameters: Parameters) -> Scores:
    last, tested = found.last, found.sequential
    shrunk, information = _shrunk(last, parameters), _information(last, parameters)
    there = (shrunk >= parameters.eb05, information > parameters.ic025, reached(tested, parameters.maxsprt))
    raised = np.column_stack(there)
    for pair in np.flatnonzero(raised.any(axis=1)):
        held = tallies[found.tally[pair]].by_contributor[found.setting[pair]]
        raised[pair] &= raisable(held, parameters.minimums)
    return Scores(
        value=np.column_stack([shrunk, information, tested.ratio]),
        raised=raised,
        look=np.column_stack([last.number, last.number, tested.number]),
        events=np.column_stack([last.events, last.events, tested.events]),
        expected=np.column_stack([last.expected, last.expected, tested.expected]),
    )


def _shrunk(last: Looks, parameters: Parameters) -> Reals:
    """EB05, where it may be high enough for a signal; nan elsewhere, for there it is never told."""
    value = np.full(len(last.events), np.nan)
    posterior = gamma_poisson.posterior(last.events, last.expected, parameters.theta)
    high = gamma_poisson.below(posterior, parameters.eb05) < 0.05 + _NEAR
    value[high] = gamma_poisson.quantile(gamma_poisson.Posterior(*(column[high] for column in posterior)), 0.05)
    return value


def _information(last: Looks, parameters: Parameters) -> Reals:
    """IC025 likewise."""
    n, value = last.events.astype(float), np.full(len(last.events), np.nan)
    high = information_component.below(n, last.expected, parameters.ic025) < 0.025 + _NEAR
    value[high] = information_component.quantile(n[high], last.expected[high], 0.025)
    return value


def _news(tallies: Sequence[Tally], found: Pairs, logged: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """What has to be said: what is logged, and what is down and was not said to be. Notes what is down from now on."""
    shape = (len(tallies), len(METHODS), len(SETTINGS))
    down = np.frombuffer(b"".join(tally.down for tally in tallies), dtype=np.bool_).reshape(shape).copy()
    at = (found.tally[:, None], np.arange(len(METHODS)), found.setting[:, None])
    news: NDArray[np.bool_] = logged | ~down[at]
    down[at] = ~logged
    for tally, noted in zip(tallies, down, strict=True):
        tally.down[:] = noted.tobytes()
    return news


def _numbers(found: Pairs, scores: Scores, where: tuple[Wholes, ...], parameters: Parameters) -> Iterator[Numbers]:
    """Of each place in the tables of scores."""
    pair, method = where
    spent, test = alpha_spent(found.sequential, parameters.maxsprt)[pair].tolist(), METHODS.index(SEQUENTIAL)
    columns = (
        *(scores.events[where], found.reporting[pair], found.of_kind[pair], scores.expected[where], scores.value[where]),
        *(np.array([parameters.eb05, parameters.ic025, parameters.maxsprt.critical_value])[method], scores.look[where]),
    )
    by_test = (alpha if number == test else None for alpha, number in zip(spent, method.tolist(), strict=True))
    return map(Numbers, *(column.tolist() for column in columns), by_test)


def _signal(
    method: str, pair: tuple[Kind, Setting], numbers: Numbers | None, raised: bool, where: tuple[str, int, int]
) -> Signal:
    """Without numbers nothing is counted: a signal was taken back, or too few providers are left."""
    ((category, harm), setting), (digest, partition, version) = pair, where
    return Signal(
        method=method,
        category=category,
        harm=harm,
        month=UNKNOWN_MONTH,
        events=numbers.events if numbers else 0,
        contributors=numbers.contributors if numbers else 0,
        raised=raised,
        partition=partition,
        version=version,
        setting=setting,
        pattern_events=numbers.pattern_events if numbers else None,
        expected=numbers.expected if numbers else None,
        stratum=STRATUM,
        score=numbers.score if numbers else None,
        threshold=numbers.threshold if numbers else None,
        look=numbers.look if numbers else None,
        alpha_spent=numbers.alpha_spent if numbers else None,
        parameters=digest,
    )
