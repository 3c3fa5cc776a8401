"""Which settings have more than their share of a category and harm: three methods on the same events and expectation.

- EB05 >= 2 (Szarfman et al. 2002), the prior pinned.
- IC025 > 0 (Norén et al. 2013).
- Poisson MaxSPRT (Kulldorff et al. 2011), the boundary pinned.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from schemas.records import Signal
from stream_processors.domain.aggregation import UNKNOWN_MONTH
from stream_processors.domain.signals.gamma_poisson import ebgm
from stream_processors.domain.signals.information_component import quantile
from stream_processors.domain.signals.pair_looks import Look, Pair, alpha_spent, pairs, reached
from stream_processors.domain.signals.pooled_pairs import Pool
from stream_processors.domain.signals.pooled_rare_event import Pattern
from stream_processors.domain.signals.signal_parameters import Parameters

SHRUNK, INFORMATION, SEQUENTIAL = "gamma-poisson-shrinker 1", "information-component 1", "poisson-maxsprt 1"
METHODS = (SHRUNK, INFORMATION, SEQUENTIAL)
STRATUM = "provider_type"


@dataclass(frozen=True, slots=True)
class Score:
    """What one method says of one pair at a look."""

    look: Look
    value: float
    threshold: float
    reached: bool
    alpha_spent: float | None = None


def signals(pool: Pool, touched: set[Pattern], parameters: Parameters, place: tuple[int, int]) -> Iterator[Signal]:
    """For every setting of a touched category and harm that holds or may once have held, whether each method raises it.

    `place` is the partition of counts and the offset of the last one. As for rare events, a setting that once held still has
    enough contributors here, if only with zeros. Every look of the sequential test is said, for it spends alpha; what the
    others take back is said without numbers, and once by one owner of the partition.
    """
    pool.unsaid = False
    kinds = sorted({pattern[:2] for pattern in touched} & pool.tallies.keys())
    found = [pair for kind in kinds for pair in pairs(kind, pool.tallies[kind], parameters)]
    digest = parameters.digest
    for pair, *by_method in zip(found, *_scores(found, parameters), strict=True):
        raisable = pair.raisable(parameters.minimums)
        for method, score in zip(METHODS, by_method, strict=True):
            raised, key = raisable and score.reached, (method, *pair.kind, pair.setting)
            logged = raised or method == SEQUENTIAL
            if not logged and key in pool.down:
                continue
            (pool.down.discard if logged else pool.down.add)(key)
            shown = score if logged and pair.shown(parameters.minimums) else None
            yield _signal(method, pair, shown, raised, (digest, *place))


def _scores(found: Sequence[Pair], parameters: Parameters) -> tuple[list[Score], list[Score], list[Score]]:
    n = np.array([pair.last.events for pair in found], dtype=np.int64)
    e = np.array([pair.last.expected for pair in found])
    shrunk, information = ebgm(n, e, parameters.theta).low.tolist(), quantile(n.astype(float), e, 0.025).tolist()
    eb05, ic025, test = parameters.eb05, parameters.ic025, parameters.maxsprt
    return (
        [Score(pair.last, value, eb05, value >= eb05) for pair, value in zip(found, shrunk, strict=True)],
        [Score(pair.last, value, ic025, value > ic025) for pair, value in zip(found, information, strict=True)],
        [
            Score(look, look.ratio, test.critical_value, reached(look, test), alpha_spent(look, test))
            for look in (pair.sequential for pair in found)
        ],
    )


def _signal(method: str, pair: Pair, score: Score | None, raised: bool, where: tuple[str, int, int]) -> Signal:
    """Without a score nothing is counted: a signal was taken back, or too few providers are left."""
    (category, harm), (digest, partition, version) = pair.kind, where
    return Signal(
        method=method,
        category=category,
        harm=harm,
        month=UNKNOWN_MONTH,
        events=score.look.events if score else 0,
        contributors=len(pair.by_contributor) if score else 0,
        raised=raised,
        partition=partition,
        version=version,
        setting=pair.setting,
        pattern_events=pair.of_kind if score else None,
        expected=score.look.expected if score else None,
        stratum=STRATUM,
        score=score.value if score else None,
        threshold=score.threshold if score else None,
        look=score.look.number if score else None,
        alpha_spent=score.alpha_spent if score else None,
        parameters=digest,
    )
