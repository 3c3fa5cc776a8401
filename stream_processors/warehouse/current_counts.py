"""The counts of now, by cell and contributor, from the aggregates of record."""

import msgspec

from schemas.records import Cell, CellCount
from stream_processors.warehouse.connections import away_is_unavailable, connect


def current_counts(database_url: str, password: str | None = None) -> list[CellCount]:
    """Every count above zero, source partitions added up, always in the same order. Raises Unavailable."""
    with away_is_unavailable(), connect(database_url, "pso-signals", password) as connection:
        rows = connection.execute(_COUNTS).fetchall()
    return [CellCount(_cell(key), contributor, partition=0, count=count, version=0) for key, contributor, count in rows]


def _cell(key: str) -> Cell:
    return msgspec.convert(dict(zip(Cell.__struct_fields__, key.split("/"), strict=True)), Cell)


_COUNTS = """
select cell, contributor, sum(count)::bigint from protected.cell_counts
group by cell, contributor having sum(count) > 0 order by cell collate "C", contributor collate "C"
"""
