"""What goes onto the topic of published cells: what was released, whole, the same each time, and nothing else."""

from dataclasses import replace

import msgspec
import pytest

from schemas.catalogue import bundled
from schemas.codec import Codec
from schemas.topics import CELLS_PUBLISHED
from stream_processors.domain.publication.not_releasable import NotReleasable
from stream_processors.domain.publication.published_cells import Read, lack, published_cells
from stream_processors.domain.publication.release import Release, Released, digest, made
from tests.properties.attacked_tables import limit
from tests.support.releases import QUARTER, plan, pooled

CODEC = Codec(bundled())


@pytest.fixture(scope="module")
def release() -> Release:
    """A release of some hundred invented events."""
    return made(plan(), QUARTER, pooled(600), [], limit(60))


@pytest.fixture(scope="module")
def released(release: Release) -> Released:
    """The same as anybody may see it."""
    return Released(release.manifest, release.published)


def test_the_cells_are_those_of_the_release_and_a_hidden_one_has_no_count(released: Released) -> None:
    cells = list(published_cells(released))
    told = {(cell.table, (*cell.labels, "")): cell.count for cell in cells}
    assert told == released.published
    assert None in told.values()
    assert len({CELLS_PUBLISHED.key(cell) for cell in cells}) == len(cells)


def test_whoever_reads_them_can_tell_that_a_table_is_whole_and_unchanged(released: Released) -> None:
    for layout in released.manifest.plan.table:
        cells = [cell for cell in published_cells(released) if cell.table == layout.id]
        by_place = {(*cell.labels, ""): cell.count for cell in cells}
        assert {cell.table_cells for cell in cells} == {len(cells)}
        rows = [(place, by_place[place]) for place in layout.places()]  # the order of the plan's labels, totals last
        assert {cell.table_sha256 for cell in cells} == {digest(layout.id, rows)}


def test_no_contributor_is_in_the_bytes(release: Release, released: Released) -> None:
    octets = b"".join(CODEC.encode(cell) for cell in published_cells(released))
    assert {count.contributor for count in release.counts} == {f"prv-{number}" for number in range(8)}
    assert b"prv-" not in octets


def test_the_same_release_gives_the_same_bytes_in_the_same_order(released: Released) -> None:
    again = made(plan(), QUARTER, pooled(600)[::-1], [], limit(60))
    first, second = (
        [CODEC.encode(cell) for cell in published_cells(one)] for one in (released, Released(again.manifest, again.published))
    )
    assert first == second


def test_rows_that_are_not_those_of_the_manifest_do_not_leave(released: Released) -> None:
    place = next(place for place, count in released.published.items() if count is None)
    torn = replace(released, published={**released.published, place: 4})
    with pytest.raises(NotReleasable, match="are not those of its manifest"):
        list(published_cells(torn))


def test_what_is_missing_is_told_and_what_was_never_released_too(released: Released) -> None:
    cells = list(published_cells(released))
    there = [Read(f"t:0:{offset}", CELLS_PUBLISHED.key(cell), cell) for offset, cell in enumerate(cells[:5] * 2)]
    found = lack([released], there)
    assert (found.missing, found.strange) == (tuple(cells[5:]), ())
    shown = next(cell for cell in cells if cell.count is not None)
    changed = Read("t:1:0", CELLS_PUBLISHED.key(shown), msgspec.structs.replace(shown, count=1))
    unknown = Read("t:1:1", "2024-Q1|1|type-by-harm|*/*", shown)
    damaged = Read("t:1:2", CELLS_PUBLISHED.key(shown), None)
    assert lack([released], [changed, unknown, damaged]).strange == ("t:1:0", "t:1:1", "t:1:2")
