"""One row per key: the one with the highest version stays, whatever the order of arrival."""

from collections.abc import Sequence

from psycopg import sql

from stream_processors.shapes import Sink
from stream_processors.warehouse.connections import Connection
from stream_processors.warehouse.tables import Row, Table, transposed


class Highest:
    """Upserts guarded by the version."""

    def __init__(self, connection: Connection, sink: Sink) -> None:
        self._connection = connection
        table = Table.of(connection, sink)
        self._key = table.key_of()
        self._version = table.columns.index("version")
        self._width = len(table.columns)
        rest = [column for column in table.columns if column not in table.key]
        self._upsert = sql.SQL(
            "insert into {table} as held ({columns}) select {columns} from unnest({arrays}) as given ({columns})"
            " order by {keys} on conflict ({keys}) do update set ({rest}) = row({new}), loaded_at = now()"
            " where held.version < excluded.version"
        ).format(
            table=table.relation,
            columns=table.names(),
            arrays=table.arrays(table.columns),
            keys=table.names(table.key),
            rest=table.names(rest),
            new=sql.SQL(", ").join(sql.Identifier("excluded", column) for column in rest),
        )

    def put(self, rows: Sequence[Row]) -> int:
        """How many rows were written."""
        newest = {self._key(row): row for row in sorted(rows, key=lambda row: row[self._version])}  # type: ignore[arg-type, return-value]
        return self._connection.execute(self._upsert, transposed(list(newest.values()), self._width)).rowcount

    put_new = put
