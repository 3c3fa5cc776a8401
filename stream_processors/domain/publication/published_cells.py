"""The cells of releases as records, and what their topic lacks of them. PostgreSQL is the judge of both."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from schemas.records import PublishedCell
from schemas.topics import CELLS_PUBLISHED
from stream_processors.domain.publication.not_releasable import NotReleasable
from stream_processors.domain.publication.release import Released


def published_cells(release: Released) -> Iterator[PublishedCell]:
    """Every cell of a release, hidden ones without a count, in the order of its tables.

    Made from what was published alone: the counts that went in are not at hand here. Raises NotReleasable where the cells are
    not those of the manifest.
    """
    manifest = release.manifest
    if not release.is_whole():
        raise NotReleasable(f"the rows of {manifest.release_id} are not those of its manifest: find out who changed them")
    for layout, told in zip(manifest.plan.table, manifest.tables, strict=True):
        for place in layout.places():
            yield PublishedCell(
                period=manifest.period,
                revision=manifest.revision,
                first_month=manifest.first_month,
                last_month=manifest.last_month,
                table=layout.id,
                axes=layout.axes,
                labels=place[: len(layout.axes)],
                table_cells=told.cells,
                table_sha256=told.sha256,
                permitted_by=manifest.plan.permitted_by,
                count=release.published[layout.id, place],
                caution=manifest.counts,
            )


class Read(NamedTuple):
    """A record of the topic: where it lies, its key, and its cell, None where it is none."""

    position: str
    key: str
    cell: PublishedCell | None


@dataclass(frozen=True, slots=True)
class Lack:
    """Cells that were released and are not on the topic; where the topic holds what was never released."""

    missing: tuple[PublishedCell, ...]
    strange: tuple[str, ...]


def lack(released: Iterable[Released], there: Iterable[Read]) -> Lack:
    """Compares the topic with the releases. Before compaction a cell may be there several times."""
    wanted: Mapping[str, PublishedCell] = {
        CELLS_PUBLISHED.key(cell): cell for release in released for cell in published_cells(release)
    }
    found: set[str] = set()
    strange: list[str] = []
    for position, key, cell in there:
        if cell is not None and wanted.get(key) == cell:
            found.add(key)
        else:
            strange.append(position)
    return Lack(tuple(cell for key, cell in wanted.items() if key not in found), tuple(strange))
