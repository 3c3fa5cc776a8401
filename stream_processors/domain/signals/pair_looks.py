"""What is seen and expected of a setting month by month, and where a sequential test of it stands.

The expectation of a setting is what it would have if its usual share held: for each kind of provider the events of the
category and harm times the pinned share of the setting, summed over kinds (DuMouchel 1999, eq. 1, with pinned margins). The
events that are judged are in that sum, which makes every score a little smaller than it could be.

MaxSPRT (Kulldorff et al. 2011) looks at the months of the events one after another, as they are known now. So its looks and the
alpha they spend depend on the counts alone: not on how often the stream brought them, nor on who was restarted since. The
boundary is the one for a look after every event, and fewer looks keep alpha.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from schemas.taxonomy import Setting
from stream_processors.domain.signals.contingency import Reals, Wholes
from stream_processors.domain.signals.poisson_maxsprt import AlphaSpent, log_likelihood_ratio
from stream_processors.domain.signals.pooled_pairs import Kind, Tally
from stream_processors.domain.signals.signal_parameters import Boundary, Minimums, Parameters


@dataclass(frozen=True, slots=True)
class Look:
    """A look at a setting: its number from 1, events and expectation up to it, and the log likelihood ratio of the two."""

    number: int
    events: int
    expected: float
    ratio: float


@dataclass(frozen=True, slots=True)
class Pair:
    """A setting of a category and harm: its last look, that of the sequential test, and who reported how many."""

    kind: Kind
    setting: Setting
    of_kind: int
    by_contributor: Sequence[int]
    last: Look
    sequential: Look

    def shown(self, minimums: Minimums) -> bool:
        """Whether anything of it may be counted aloud."""
        return len(self.by_contributor) >= minimums.contributors

    def raisable(self, minimums: Minimums) -> bool:
        """Several events of several providers, none of which has most of them."""
        events = sum(self.by_contributor)
        largest = max(self.by_contributor, default=0)
        return self.shown(minimums) and events >= minimums.events and largest <= minimums.largest_share * events


def pairs(kind: Kind, tally: Tally, parameters: Parameters) -> Iterator[Pair]:
    """Every setting that enough contributors have reported from, if they have withdrawn it all since."""
    settings = [
        setting
        for setting, by_contributor in sorted(tally.by_contributor.items())
        if len(by_contributor) >= parameters.minimums.contributors
    ]
    if not settings:
        return
    events, expected, of_kind = _cumulated(tally, settings, parameters)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = np.nan_to_num(log_likelihood_ratio(events, expected))
    tested = _tested(events, expected, ratios, parameters.maxsprt)
    for setting, at, *rows in zip(settings, tested, events, expected, ratios, strict=True):
        last, sequential = (Look(place + 1, *(row[place].item() for row in rows)) for place in (events.shape[1] - 1, at))
        contributors = [count for count in tally.by_contributor[setting].values() if count > 0]
        yield Pair(kind, setting, of_kind, contributors, last, sequential)


def reached(look: Look, boundary: Boundary) -> bool:
    """Whether the sequential test signals at this look."""
    return look.events >= boundary.fewest and look.ratio >= boundary.critical_value and look.expected <= boundary.horizon


def alpha_spent(look: Look, boundary: Boundary) -> float:
    """The probability of a false signal up to this look."""
    return _spent(boundary).at(look.expected)


def _tested(events: Wholes, expected: Reals, ratios: Reals, boundary: Boundary) -> list[int]:
    """For each row the first look that signals, for then the question is answered; else the last within the horizon."""
    within = expected <= boundary.horizon
    signalled = (events >= boundary.fewest) & (ratios >= boundary.critical_value) & within
    places: list[int] = np.where(
        signalled.any(axis=1), signalled.argmax(axis=1), np.maximum(within.sum(axis=1), 1) - 1
    ).tolist()
    return places


@lru_cache(maxsize=4)
def _spent(boundary: Boundary) -> AlphaSpent:
    return AlphaSpent(boundary.critical_value, boundary.fewest, boundary.horizon)


def _cumulated(tally: Tally, settings: Sequence[Setting], parameters: Parameters) -> tuple[Wholes, Reals, int]:
    """Events and expectation up to each month, a row for each setting; and the events of all settings and months.

    Added kind of provider by kind in one order, so that the same counts give the same last bit.
    """
    kinds = sorted({kind for kind, _, _ in tally.events})
    months = {month: place for place, month in enumerate(sorted({month for _, _, month in tally.events}))}
    rows = {setting: place for place, setting in enumerate(settings)}
    events = np.zeros((len(settings), len(months)), dtype=np.int64)
    of_kind = np.zeros((len(kinds), len(months)), dtype=np.int64)
    places = {kind: place for place, kind in enumerate(kinds)}
    for (kind, setting, month), count in tally.events.items():
        of_kind[places[kind], months[month]] += count
        if setting in rows:
            events[rows[setting], months[month]] += count
    expected = np.zeros(events.shape)
    for kind, by_month in zip(kinds, of_kind, strict=True):
        expected += np.array([[parameters.share(kind, setting)] for setting in settings]) * by_month
    return np.cumsum(events, axis=1), np.cumsum(expected, axis=1), int(of_kind.sum())
