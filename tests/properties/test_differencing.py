"""No two releases of a period can be subtracted to find a small change, or what one provider changed."""

from functools import cache

import pytest

from stream_processors.domain.publication.pooled_counts import PooledCount, shares, total
from stream_processors.domain.publication.release import Earlier, Release, made
from tests.properties.attacked_tables import limit
from tests.support.outsider import intervals
from tests.support.releases import QUARTER, earlier, plan, pooled


@cache
def first() -> Release:
    """The first release of the quarter."""
    return made(plan(), QUARTER, pooled(900), [], limit(60))


Counts = list[PooledCount]


def added(counts: Counts, events: int, who: str) -> Counts:
    """These counts with so many events more of one provider."""
    return [*counts, PooledCount("fall/mild/incident/2025-02/hospital/inpatient_unit", who, events)]


NOW = {
    "four late events": added(pooled(900), 4, "prv-99"),
    "sixty late events of one provider": added(pooled(900), 60, "prv-99"),
    "a provider left": [count for count in pooled(900) if count.contributor != "prv-3"],
    "all of it is twice": [PooledCount(c.cell, c.contributor, 2 * c.count) for c in pooled(900)],
}


def wide(release: Release) -> dict[tuple[str, tuple[str, ...]], float]:
    """How wide an outsider finds every cell of a release by its tables alone; 0 where it is shown."""
    found: dict[tuple[str, tuple[str, ...]], float] = {}
    for layout in release.manifest.plan.table:
        seen: dict[tuple[str, ...], int | None] = {place[:2]: release.published[layout.id, place] for place in layout.places()}
        found |= {(layout.id, place): 0.0 for place in seen}
        found |= {(layout.id, place): high - low for place, (low, high) in intervals(seen, {})}
    return found


def delicate(before: Release, now: Release) -> list[tuple[str, tuple[str, ...]]]:
    """The cells whose change is of 1 to 10 events, or of fewer than three providers: written from the rule."""
    places: list[tuple[str, tuple[str, ...]]] = []
    layouts = now.manifest.plan.table
    old, new = shares(before.counts, layouts), shares(now.counts, layouts)
    for layout in layouts:
        for place in layout.places():
            mine, theirs = new.get(layout.key(place), {}), old.get(layout.key(place), {})
            changes = [mine.get(who, 0) - theirs.get(who, 0) for who in mine.keys() | theirs.keys()]
            few = sum(change != 0 for change in changes) < 3
            if sum(changes) != 0 and (abs(sum(changes)) <= 10 or few):
                places.append((layout.id, place[:2]))
    return places


@pytest.mark.parametrize("what", NOW)
def test_a_delicate_difference_cannot_be_narrowed(what: str) -> None:
    now = made(plan(), QUARTER, NOW[what], [earlier(first())], limit(60))
    places = delicate(first(), now)
    assert places
    before, after = wide(first()), wide(now)
    for place in places:  # a difference of two ends is as wide as both together
        assert before[place] + after[place] >= 5 - 1e-6, place


def test_without_the_guard_a_late_event_is_found_by_subtraction() -> None:
    unguarded = made(plan(), QUARTER, NOW["four late events"], [], limit(60))
    before, after = wide(first()), wide(unguarded)
    assert any(before[place] + after[place] == 0 for place in delicate(first(), unguarded))


def test_what_a_revision_hides_stays_hidden() -> None:
    releases: list[Earlier] = [earlier(first())]
    for counts in (NOW["four late events"], NOW["all of it is twice"]):
        now = made(plan(), QUARTER, counts, releases, limit(60))
        hidden = {place for place, shown in releases[-1].published.items() if shown is None}
        layouts = {layout.id: layout for layout in plan().table}
        cells = shares(counts, plan().table)
        for table, place in hidden:
            assert now.published[table, place] is None or total(cells.get(layouts[table].key(place), {})) == 0
        releases.append(earlier(now))
