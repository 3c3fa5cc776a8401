"""Zones for a scan: intervals of time, circles about places, neighbourhoods in a graph of providers, and cylinders of both.

Circles: Kulldorff (1997). A graph takes the place of a map where places may not leave the house: providers are neighbours when
they share what could be a cause (a supplier, a system, a State); zones grow from each provider, ring by ring (the ring-wise
form of the k-nearest zones of Tango and Takahashi 2005, International Journal of Health Geographics 4: 11).
"""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from stream_processors.domain.signals.scan_statistic import Floats, Zones


def intervals(periods: int, longest: int, now_only: bool) -> Zones:
    """All intervals of at most `longest` periods; with now_only, those that end with the last one (prospective scan)."""
    ends = [periods] if now_only else range(1, periods + 1)
    spans = [(end - length, end) for end in ends for length in range(1, min(longest, end) + 1)]
    at = np.arange(periods)
    return np.array([(begin <= at) & (at < end) for begin, end in spans])


def circles(places: Floats, populations: Floats, largest: float) -> Zones:
    """Each place with its nearest ones, as long as they hold at most the share `largest` of the population. Places (n, 2)."""
    apart = np.hypot(*(places[:, None, axis] - places[None, :, axis] for axis in (0, 1)))
    found: dict[bytes, npt.NDArray[np.bool_]] = {}
    for centre in range(len(places)):
        order = np.argsort(apart[centre], kind="stable")
        held = np.cumsum(populations[order]) <= largest * populations.sum()
        zone = np.zeros(len(places), bool)
        for place in order[held]:
            zone[place] = True
            found.setdefault(zone.tobytes(), zone.copy())
    return np.array(list(found.values()))


def neighbourhoods(graph: Mapping[int, Sequence[int]], providers: int, most: int) -> Zones:
    """Each provider alone, with its neighbours, with theirs, and so on, up to `most` providers."""
    found: dict[bytes, npt.NDArray[np.bool_]] = {}
    for centre in range(providers):
        zone = np.zeros(providers, bool)
        ring = {centre}
        while ring and zone.sum() + len(ring) <= most:
            zone[sorted(ring)] = True
            found.setdefault(zone.tobytes(), zone.copy())
            ring = {other for one in ring for other in graph.get(one, ()) if not zone[other]}
    return np.array(list(found.values()))


def cylinders(of_space: Zones, of_time: Zones) -> Zones:
    """Every zone of space over every interval; units are (place, period), the period running fastest."""
    both = of_space[:, None, :, None] & of_time[None, :, None, :]
    return np.asarray(both.reshape(len(of_space) * len(of_time), -1))
