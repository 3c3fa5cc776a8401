"""Which settings have more than their share of a category and harm: three methods on the same counts and expectation.

The expectation of a setting is what it would have if its usual share held: for each kind of provider the events of the
category and harm times the pinned share of the setting, summed over kinds (DuMouchel 1999, eq. 1, with pinned margins). The
events that are judged are in that sum, which makes every score a little smaller than it could be.

- EB05 >= 2 (Szarfman et al. 2002), prior pinned.
- IC025 > 0 (Norén et al. 2013).
- Poisson MaxSPRT (Kulldorff et al. 2011), boundary pinned. It looks at the months of the events one after another, as they
  are known now, so its looks and the alpha they spend depend on the counts alone: not on how often the stream brought them,
  nor on who has been restarted since. The boundary is the one for a look after every event, so fewer looks keep alpha.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from schemas.records import Signal
from schemas.taxonomy import Setting
from stream_processors.domain.aggregation import UNKNOWN_MONTH
from stream_processors.domain.signals.contingency import Reals, Wholes
from stream_processors.domain.signals.gamma_poisson import ebgm
from stream_processors.domain.signals.information_component import quantile
from stream_processors.domain.signals.poisson_maxsprt import log_likelihood_ratio, signal_probability
from stream_processors.domain.signals.pooled_pairs import Kind, Pool, Tally
from stream_processors.domain.signals.pooled_rare_event import Pattern
from stream_processors.domain.signals.signal_parameters import Boundary, Minimums, Parameters

SHRUNK, INFORMATION, SEQUENTIAL = "gamma-poisson-shrinker 1", "information-component 1", "poisson-maxsprt 1"
METHODS = (SHRUNK, INFORMATION, SEQUENTIAL)
STRATUM = "provider_type"


@dataclass(frozen=True, slots=True)
class Pair:
    """A setting of a category and harm: events and expectation summed up month by month, and who reported how many."""

    kind: Kind
    setting: Setting
    events: Wholes
    expected: Reals
    of_kind: int
    by_contributor: Sequence[int]

    def shown(self, minimums: Minimums) -> bool:
        """Whether anything of it may be counted aloud."""
        return len(self.by_contributor) >= minimums.contributors

    def raisable(self, minimums: Minimums) -> bool:
        """Several events of several providers, none of which has most of them."""
        events = sum(self.by_contributor)
        return (
            self.shown(minimums) and events >= minimums.events and max(self.by_contributor) <= minimums.largest_share * events
        )


@dataclass(frozen=True, slots=True)
class Score:
    """What one method says of one pair at its last look."""

    value: float
    threshold: float
    reached: bool
    look: int
    events: int
    expected: float
    alpha_spent: float | None = None


def signals(pool: Pool, touched: set[Pattern], parameters: Parameters, place: tuple[int, int]) -> Iterator[Signal]:
    """For every setting of a touched category and harm that holds or may once have held, whether each method raises it.

    `place` is the partition of counts and the offset of the last one. As for rare events, a setting that once held still has
    enough contributors here, if only with zeros. Every look of the sequential test is said, for it spends alpha; what the
    others take back is said without numbers, and once by one owner of the partition.
    """
    pool.unsaid = False
    pairs = [pair for kind in sorted({pattern[:2] for pattern in touched}) for pair in _pairs(pool, kind, parameters)]
    if not pairs:
        return
    digest = parameters.digest
    for pair, *found in zip(pairs, *_scores(pairs, parameters), strict=True):
        raisable = pair.raisable(parameters.minimums)
        for method, score in zip(METHODS, found, strict=True):
            raised, key = raisable and score.reached, (method, *pair.kind, pair.setting)
            logged = raised or method == SEQUENTIAL
            if not logged and key in pool.down:
                continue
            (pool.down.discard if logged else pool.down.add)(key)
            shown = score if logged and pair.shown(parameters.minimums) else None
            yield _signal(method, pair, shown, raised, (digest, *place))


def _pairs(pool: Pool, kind: Kind, parameters: Parameters) -> Iterator[Pair]:
    tally = pool.tallies.get(kind)
    if tally is None:
        return
    months = sorted({month for _, _, month in tally.events})
    of_kind = int(sum(tally.events.values()))
    for setting in sorted(tally.by_contributor):
        by_contributor = tally.by_contributor[setting]
        if len(by_contributor) >= parameters.minimums.contributors:
            events, expected = _by_month(tally, setting, months, parameters)
            yield Pair(kind, setting, events, expected, of_kind, [count for count in by_contributor.values() if count > 0])


def _by_month(tally: Tally, setting: Setting, months: Sequence[str], parameters: Parameters) -> tuple[Wholes, Reals]:
    """Events and expectation up to each month. Added in one order, so that the same counts give the same last bit."""
    at = {month: place for place, month in enumerate(months)}
    events, expected = np.zeros(len(months), dtype=np.int64), np.zeros(len(months))
    for (provider_type, where, month), count in sorted(tally.events.items()):
        expected[at[month]] += count * parameters.share(provider_type, setting)
        if where == setting:
            events[at[month]] += count
    return np.cumsum(events), np.cumsum(expected)


def _scores(pairs: Sequence[Pair], parameters: Parameters) -> tuple[list[Score], ...]:
    n = np.array([pair.events[-1] for pair in pairs], dtype=np.int64)
    e = np.array([pair.expected[-1] for pair in pairs])
    lower = ebgm(n, e, parameters.theta).low
    information = quantile(n.astype(float), e, 0.025)
    return (
        [_last(pair, score, parameters.eb05, score >= parameters.eb05) for pair, score in zip(pairs, lower, strict=True)],
        [
            _last(pair, score, parameters.ic025, score > parameters.ic025)
            for pair, score in zip(pairs, information, strict=True)
        ],
        [_sequential(pair, parameters.maxsprt) for pair in pairs],
    )


def _last(pair: Pair, value: float, threshold: float, reached: bool) -> Score:
    return Score(float(value), threshold, bool(reached), len(pair.events), int(pair.events[-1]), float(pair.expected[-1]))


def _sequential(pair: Pair, boundary: Boundary) -> Score:
    """The look that signalled, for then the question is answered; else the last one within the horizon."""
    within = max(1, int(np.searchsorted(pair.expected, boundary.horizon, side="right")))
    events, expected = pair.events[:within], pair.expected[:within]
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.nan_to_num(log_likelihood_ratio(events, expected))
    reached = (events >= boundary.fewest) & (ratio >= boundary.critical_value) & (expected <= boundary.horizon)
    at = int(np.argmax(reached)) if reached.any() else within - 1
    spent = signal_probability(boundary.critical_value, boundary.fewest, min(float(expected[at]), boundary.horizon))
    return Score(
        float(ratio[at]), boundary.critical_value, bool(reached[at]), at + 1, int(events[at]), float(expected[at]), spent
    )


def _signal(method: str, pair: Pair, score: Score | None, raised: bool, where: tuple[str, int, int]) -> Signal:
    """Without a score nothing is counted: a signal was taken back, or too few providers are left."""
    (category, harm), (digest, partition, version) = pair.kind, where
    return Signal(
        method=method,
        category=category,
        harm=harm,
        month=UNKNOWN_MONTH,
        events=score.events if score else 0,
        contributors=len(pair.by_contributor) if score else 0,
        raised=raised,
        partition=partition,
        version=version,
        setting=pair.setting,
        pattern_events=pair.of_kind if score else None,
        expected=score.expected if score else None,
        stratum=STRATUM,
        score=score.value if score else None,
        threshold=score.threshold if score else None,
        look=score.look if score else None,
        alpha_spent=score.alpha_spent if score else None,
        parameters=digest,
    )
