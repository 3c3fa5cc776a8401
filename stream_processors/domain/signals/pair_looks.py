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
from typing import NamedTuple, TypeVar

import numpy as np

from schemas.taxonomy import Setting
from stream_processors.domain.signals.contingency import Reals, Wholes
from stream_processors.domain.signals.poisson_maxsprt import AlphaSpent, log_likelihood_ratio
from stream_processors.domain.signals.pooled_pairs import Kind, Tally
from stream_processors.domain.signals.signal_parameters import Boundary, Minimums, Parameters

Text = TypeVar("Text", bound=str)


class Look(NamedTuple):
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
    last = np.full(len(settings), events.shape[1] - 1)
    looks = [_looks(at, events, expected, ratios) for at in (last, _tested(events, expected, ratios, parameters.maxsprt))]
    for setting, now, tested in zip(settings, *looks, strict=True):
        contributors = [count for count in tally.by_contributor[setting].values() if count > 0]
        yield Pair(kind, setting, of_kind, contributors, now, tested)


def reached(look: Look, boundary: Boundary) -> bool:
    """Whether the sequential test signals at this look."""
    return look.events >= boundary.fewest and look.ratio >= boundary.critical_value and look.expected <= boundary.horizon


def alpha_spent(look: Look, boundary: Boundary) -> float:
    """The probability of a false signal up to this look."""
    return _spent(boundary).at(look.expected)


def _looks(at: Wholes, *columns: Wholes | Reals) -> list[Look]:
    """Of each row the look in this place."""
    rows = np.arange(len(at))
    return [Look(*one) for one in zip((at + 1).tolist(), *(column[rows, at].tolist() for column in columns), strict=True)]


def _tested(events: Wholes, expected: Reals, ratios: Reals, boundary: Boundary) -> Wholes:
    """For each row the first look that signals, for then the question is answered; else the last within the horizon."""
    within = expected <= boundary.horizon
    signalled = (events >= boundary.fewest) & (ratios >= boundary.critical_value) & within
    places: Wholes = np.where(signalled.any(axis=1), signalled.argmax(axis=1), np.maximum(within.sum(axis=1), 1) - 1)
    return places


@lru_cache(maxsize=4)
def _spent(boundary: Boundary) -> AlphaSpent:
    return AlphaSpent(boundary.critical_value, boundary.fewest, boundary.horizon)


def _cumulated(tally: Tally, settings: Sequence[Setting], parameters: Parameters) -> tuple[Wholes, Reals, int]:
    """Events and expectation up to each month, a row for each setting; and the events of all settings and months.

    Added kind of provider by kind in one order, so that the same counts give the same last bit.
    """
    (kinds, of_kind), (wheres, of_where), (months, of_month) = map(_coded, zip(*tally.events, strict=True))
    shape = (len(wheres), len(kinds), len(months))
    counts = np.zeros(shape, dtype=np.int64)
    counts[of_where, of_kind, of_month] = list(tally.events.values())
    by_kind = counts.sum(axis=0)
    expected = np.zeros((len(settings), len(months)))
    for kind, by_month in zip(kinds, by_kind, strict=True):
        expected += np.array([[parameters.share(kind, setting)] for setting in settings]) * by_month
    events = counts.sum(axis=1)[[wheres.index(setting) for setting in settings]]
    return np.cumsum(events, axis=1), np.cumsum(expected, axis=1), int(by_kind.sum())


def _coded(texts: Sequence[Text]) -> tuple[list[Text], list[int]]:
    """The different ones in order, and the place of each among them."""
    found = sorted(set(texts))
    places = {text: place for place, text in enumerate(found)}
    return found, [places[text] for text in texts]
