"""What is seen and expected of a setting month by month, and where a sequential test of it stands.

The expectation of a setting is what it would have if its usual share held: for each kind of provider the events of the
category and harm times the pinned share of the setting, summed over kinds (DuMouchel 1999, eq. 1, with pinned margins). The
events that are judged are in that sum, which makes every score a little smaller than it could be.

MaxSPRT (Kulldorff et al. 2011) looks at the months of the events one after another, as they are known now. So its looks and the
alpha they spend depend on the counts alone: not on how often the stream brought them, nor on who was restarted since. The
boundary is the one for a look after every event, and fewer looks keep alpha.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from stream_processors.domain.signals.contingency import Reals, Wholes
from stream_processors.domain.signals.poisson_maxsprt import AlphaSpent, log_likelihood_ratio
from stream_processors.domain.signals.pooled_pairs import PROVIDER_TYPES, SETTINGS, Tally
from stream_processors.domain.signals.signal_parameters import Boundary, Minimums, Parameters


class Looks(NamedTuple):
    """A look at each of many settings: its number from 1, events and expectation up to it, their log likelihood ratio.

    Arrays of one shape.
    """

    number: Wholes
    events: Wholes
    expected: Reals
    ratio: Reals

    def of(self, chosen: NDArray[np.bool_]) -> "Looks":
        """Some of them, in their order."""
        return Looks(self.number[chosen], self.events[chosen], self.expected[chosen], self.ratio[chosen])


@dataclass(frozen=True, slots=True)
class Pairs:
    """Settings of several tallies, in the order of the tallies and then of SETTINGS. Sequences of one length.

    `tally`, `setting`: their places. `of_kind`: events of the tally in every setting. `last`, `sequential`: the last look,
    and that of the sequential test. `reporting`: how many contributors have events there.
    """

    tally: Wholes
    setting: Wholes
    of_kind: Wholes
    reporting: Wholes
    last: Looks
    sequential: Looks


def pairs(tallies: Sequence[Tally], parameters: Parameters) -> Pairs:
    """Every setting that enough contributors have reported from, if they have withdrawn it all since.

    Tallies of equally many months are taken together: there are many tallies, and every call of numpy has its price.
    """
    shape = (len(tallies), len(SETTINGS))
    known = np.array([[len(held) for held in tally.by_contributor] for tally in tallies], dtype=np.int64).reshape(shape)
    last, tested = (_unlooked(shape) for _ in range(2))
    for places in _by_months(tallies).values():
        events, expected = _cumulated([tallies[place] for place in places], parameters)
        with np.errstate(divide="ignore", invalid="ignore"):
            ratios = np.nan_to_num(log_likelihood_ratio(events, expected))
        ends = np.full((len(places), len(SETTINGS)), events.shape[1] - 1)
        for looks, at in ((last, ends), (tested, _tested(events, expected, ratios, parameters.maxsprt))):
            looks.number[places] = at + 1
            for into, column in zip(looks[1:], (events, expected, ratios), strict=True):
                into[places] = np.take_along_axis(column, at[:, None, :], axis=1)[:, 0, :]
    chosen = known >= parameters.minimums.contributors
    tally, setting = np.nonzero(chosen)
    reporting = np.array([tally.reporting for tally in tallies], dtype=np.int64).reshape(shape)
    return Pairs(tally, setting, last.events.sum(axis=1)[tally], reporting[chosen], last.of(chosen), tested.of(chosen))


def raisable(by_contributor: Mapping[str, int], minimums: Minimums) -> bool:
    """Several events of several providers, none of which has most of them."""
    counts = [count for count in by_contributor.values() if count > 0]
    events, largest = sum(counts), max(counts, default=0)
    enough = len(counts) >= minimums.contributors and events >= minimums.events
    return enough and largest <= minimums.largest_share * events


def reached(looks: Looks, boundary: Boundary) -> NDArray[np.bool_]:
    """Where the sequential test signals at its look."""
    signalled: NDArray[np.bool_] = (looks.events >= boundary.fewest) & (looks.ratio >= boundary.critical_value)
    return signalled & (looks.expected <= boundary.horizon)


def alpha_spent(looks: Looks, boundary: Boundary) -> Reals:
    """The probability of a false signal up to each look."""
    return _spent(boundary).at(looks.expected)


def _unlooked(shape: tuple[int, int]) -> Looks:
    return Looks(np.zeros(shape, np.int64), np.zeros(shape, np.int64), np.zeros(shape), np.zeros(shape))


def _by_months(tallies: Sequence[Tally]) -> dict[int, list[int]]:
    """The places of the tallies with so many months; one without any has no settings."""
    found: dict[int, list[int]] = {}
    for place, tally in enumerate(tallies):
        if tally.events:
            found.setdefault(len(tally.events), []).append(place)
    return found


def _tested(events: Wholes, expected: Reals, ratios: Reals, boundary: Boundary) -> Wholes:
    """The first look that signals, for then the question is answered; else the last within the horizon. Months are axis 1."""
    within = expected <= boundary.horizon
    signalled = (events >= boundary.fewest) & (ratios >= boundary.critical_value) & within
    places: Wholes = np.where(signalled.any(axis=1), signalled.argmax(axis=1), np.maximum(within.sum(axis=1), 1) - 1)
    return places


@lru_cache(maxsize=4)
def _spent(boundary: Boundary) -> AlphaSpent:
    return AlphaSpent(boundary.critical_value, boundary.fewest, boundary.horizon)


def _cumulated(tallies: Sequence[Tally], parameters: Parameters) -> tuple[Wholes, Reals]:
    """Events and expectation up to each month: tally, month, setting. The tallies have equally many months.

    Added kind of provider by kind in one order, so that the same counts give the same last bit.
    """
    shape = (len(tallies), -1, len(PROVIDER_TYPES), len(SETTINGS))
    joined = b"".join(month for tally in tallies for month in tally.events.values())
    counts = np.frombuffer(joined, dtype=np.int64).reshape(shape)
    by_kind = counts.sum(axis=3)
    expected = np.zeros((*by_kind.shape[:2], len(SETTINGS)))
    for place in np.flatnonzero(by_kind.any(axis=(0, 1))):
        kind = PROVIDER_TYPES[place]
        share = np.array([parameters.share(kind, setting) for setting in SETTINGS])
        expected += by_kind[:, :, place, None] * share
    return np.cumsum(counts.sum(axis=2), axis=1), np.cumsum(expected, axis=1)
