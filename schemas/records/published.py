"""PublishedCell: one count of a release, as anybody may see it (grade A)."""

from typing import Annotated

from msgspec import Meta

from schemas.protection import plain
from schemas.records.values import Count, Id, Month, Record, Revision, Short

Digest = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
"""A SHA-256 in hexadecimal."""

CAUTION = "events in categories: an event of two categories counts in each. Reports are no rates and compare nobody."
"""What every published count is, and is not."""


class PublishedCell(Record, frozen=True):
    """One cell of one table of one release, after suppression. It never changes; a correction is a cell of a higher revision.

    A table is whole when `table_cells` of them are there, and unchanged when their rows have the digest `table_sha256`.
    """

    period: Annotated[Id, plain("The period: a month as 2026-03, or a quarter as 2026-Q1.")]
    revision: Annotated[Revision, plain("Revision of the release; the highest of a period is the last word on it.")]
    first_month: Annotated[Month, plain("First month of the period.")]
    last_month: Annotated[Month, plain("Last month of the period.")]
    table: Annotated[Id, plain("Id of the table in its plan.")]
    axes: Annotated[tuple[Short, ...], Meta(min_length=2, max_length=3), plain("What rows, columns and layers are.")]
    labels: Annotated[
        tuple[Short, ...], Meta(min_length=2, max_length=3), plain("The label on each axis; * is the total over it.")
    ]
    table_cells: Annotated[Count, plain("Cells of the table.")]
    table_sha256: Annotated[Digest, plain("SHA-256 of the rows of the table, as in the manifest of the release.")]
    permitted_by: Annotated[Short, plain("The paragraph by which it left.")]
    count: Annotated[Count | None, plain("Events. Left out where the cell is hidden.")] = None
    caution: Annotated[Short, plain("What the count is, and what it is not.")] = CAUTION
