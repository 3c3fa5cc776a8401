"""Which reports are of one event: candidates that share a band of their texts or day and category, then the sum of weights.

What is linked stays two reports, each with its legal status; only counting may take them for one. To one provider nothing is
said of another's reports: `own` links anew from its own alone, so that not even the shape of a group tells of somebody else.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from stream_processors.domain.linking.field_agreement import Report, agreement, text_agreement
from stream_processors.domain.linking.minhash import Signature, bands, signature, similarity

ENOUGH = 12.0
"""Weight from which on two reports are linked: an event is some 2^12 times likelier than chance to be told twice so."""


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """Two reports by their places, the first below the second, and how much speaks for it. No text similarity without texts."""

    first: int
    second: int
    weight: float
    similarity: float | None


def linked(reports: Sequence[Report], enough: float = ENOUGH) -> list[Link]:
    """Every link, in the order of the places. Reports of one day and category are compared each with each."""
    signatures = [signature(report.text) for report in reports]
    found = []
    for first, second in sorted(_candidates(reports, signatures)):
        one, other = signatures[first], signatures[second]
        alike = None if one is None or other is None else similarity(one, other)
        weight = agreement(reports[first], reports[second]) + (0.0 if alike is None else text_agreement(alike))
        if weight >= enough:
            found.append(Link(first, second, weight, alike))
    return found


def own(reports: Sequence[Report], provider: str, enough: float = ENOUGH) -> tuple[list[Report], list[Link]]:
    """What one provider may be told: its own reports, and the links between them."""
    mine = [report for report in reports if report.provider == provider]
    return mine, linked(mine, enough)


def groups(links: Iterable[Link]) -> list[list[int]]:
    """Reports of one event: whoever is linked over others belongs to them. Places in order, groups by their first."""
    leader: dict[int, int] = {}
    for link in links:
        one, other = _leader(leader, link.first), _leader(leader, link.second)
        leader[max(one, other)] = min(one, other)
    found: dict[int, list[int]] = {}
    for place in sorted(leader):
        found.setdefault(_leader(leader, place), []).append(place)
    return list(found.values())


def counted_once(links: Iterable[Link]) -> frozenset[int]:
    """The places that do not count where a policy counts an event once: all but the first of each group."""
    return frozenset(place for group in groups(links) for place in group[1:])


def _leader(leader: dict[int, int], place: int) -> int:
    while leader.setdefault(place, place) != place:
        place = leader[place]
    return place


def _candidates(reports: Sequence[Report], signatures: Sequence[Signature | None]) -> set[tuple[int, int]]:
    blocks: dict[Hashable, list[int]] = {}
    for place, (report, signed) in enumerate(zip(reports, signatures, strict=True)):
        for key in _keys(report, signed):
            blocks.setdefault(key, []).append(place)
    return set(_pairs(blocks))


def _keys(report: Report, signed: Signature | None) -> Iterator[Hashable]:
    if signed is not None:
        yield from bands(signed)
    if report.day is not None:
        yield from ((report.day, category) for category in report.categories)


def _pairs(blocks: Mapping[Hashable, Sequence[int]]) -> Iterator[tuple[int, int]]:
    return (pair for places in blocks.values() for pair in combinations(places, 2))
