"""A measure across providers, so that a dashboard shows whether quality moves without showing whose it is.

A figure that tells of one provider is protected (42 CFR 3.20), and with few providers a quantile is one of them: none is given
below ten, the house rule for percentiles.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from stream_processors.domain.quality.delays import Delay
from stream_processors.domain.quality.measures import Share
from stream_processors.domain.quality.providers import Quality

LEAST_PROVIDERS = 10


@dataclass(frozen=True, slots=True)
class Spread:
    """The value of the provider in the middle, and of the one at the worse end of the second-worst tenth."""

    measure: str
    median: float
    worst_decile: float


def spreads(found: Iterable[Quality]) -> Iterator[Spread]:
    """By measure, of the providers as wholes, where at least LEAST_PROVIDERS have it. Delays by their medians."""
    wholes = [quality for quality in found if quality.batch.whole]
    for name in (*Share, *Delay):
        subject = "median" if isinstance(name, Delay) else ""
        values = sorted(one.value for quality in wholes if (one := quality.measure(name, subject)) is not None)
        if name is Share.COMPLETE:
            values.reverse()
        if len(values) >= LEAST_PROVIDERS:
            yield Spread(name, values[_rank(len(values), 5)], values[_rank(len(values), 9)])


def _rank(count: int, tenths: int) -> int:
    """The place of the nearest rank, from 0."""
    return -(-count * tenths // 10) - 1
