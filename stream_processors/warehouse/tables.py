"""What the statements of a sink are made of: its table, its columns and their types."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from psycopg import sql

from stream_processors.shapes import Sink
from stream_processors.warehouse.connections import Connection, WarehouseFailed

PLACE = ("topic", "partition", "kafka_offset")
"""The columns that every table has behind those of its sink."""

Row = tuple[object, ...]
"""The values of a sink's columns, then its place."""


@dataclass(frozen=True, slots=True)
class Table:
    """The table of one sink."""

    relation: sql.Identifier
    columns: tuple[str, ...]
    key: tuple[str, ...]
    types: Mapping[str, str]

    @classmethod
    def of(cls, connection: Connection, sink: Sink) -> "Table":
        """Reads the types of the columns. Raises WarehouseFailed when the table lacks one."""
        types: dict[str, str] = dict(connection.execute(_TYPES, (sink.relation,)).fetchall())
        columns = (*sink.columns, *PLACE)
        if missing := [column for column in columns if column not in types]:
            raise WarehouseFailed(f"{sink.relation} has no column {', '.join(missing)}: run `pso warehouse migrate`")
        return cls(sql.Identifier(*sink.relation.split(".")), columns, sink.key, types)

    def names(self, columns: Sequence[str] | None = None) -> sql.Composed:
        """These columns, or all of them, as a list."""
        return sql.SQL(", ").join(map(sql.Identifier, columns or self.columns))

    def arrays(self, columns: Sequence[str]) -> sql.Composed:
        """One array parameter per column, for unnest()."""
        return sql.SQL(", ").join(sql.SQL(f"%s::{self.types[column]}[]") for column in columns)

    def key_of(self) -> Callable[[Row], Any]:
        """The key of a row."""
        return itemgetter(*(self.columns.index(column) for column in self.key))


def transposed(rows: Sequence[Row], width: int) -> list[list[object]]:
    """The columns of rows."""
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(width)]


_TYPES = """
select attname, format_type(atttypid, atttypmod) from pg_attribute
where attrelid = to_regclass(%s) and attnum > 0 and not attisdropped
"""
