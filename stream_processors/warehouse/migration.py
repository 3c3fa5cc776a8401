"""Numbered migrations, applied once each in a transaction of their own, and recorded with their checksum."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

from stream_processors.warehouse.connections import Connection, WarehouseFailed, away_is_unavailable, connect
from stream_processors.warehouse.privileges import grant_all

MIGRATIONS = files("stream_processors.warehouse") / "migrations"
_LOCK = "select pg_advisory_xact_lock(hashtextextended('pso_stream migrations', 0))"


@dataclass(frozen=True, slots=True)
class Migration:
    """One file of migrations/."""

    name: str
    sql: str

    @property
    def checksum(self) -> str:
        """SHA-256 of its text: a released migration is never edited."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


def migrations() -> tuple[Migration, ...]:
    """The migrations that ship with this software, in their order."""
    found = [path for path in MIGRATIONS.iterdir() if path.name[0].isdigit() and path.name.endswith(".sql")]
    return tuple(Migration(path.name.removesuffix(".sql"), path.read_text()) for path in sorted(found, key=str))


def applied(connection: Connection) -> Mapping[str, str]:
    """Name and checksum of every migration that this database has."""
    known = connection.execute("select to_regclass('operations.migrations') is not null").fetchone()
    if known is None or not known[0]:
        return {}
    return dict(connection.execute("select name, checksum from operations.migrations").fetchall())


def migrate(database_url: str, password: str | None = None) -> list[str]:
    """Bring the database up to date; the names of what was applied. Safe to run from several places at once.

    The login needs to own the database and either be able to create roles or be a member of pso_migrate.
    Raises Unavailable, and WarehouseFailed also when an applied migration is not the one that ships.
    """
    with away_is_unavailable(), connect(database_url, "pso-migrate", password) as connection:
        with connection.transaction():
            connection.execute(_LOCK)
            connection.execute((MIGRATIONS / "roles.sql").read_text().encode())
        done = [migration.name for migration in migrations() if _apply(connection, migration)]
        with connection.transaction():
            connection.execute(_LOCK)
            connection.execute("set local role pso_owner")
            grant_all(connection)
    return done


def _apply(connection: Connection, migration: Migration) -> bool:
    with connection.transaction():
        connection.execute(_LOCK)
        checksum = applied(connection).get(migration.name)
        if checksum is not None and checksum != migration.checksum:
            raise WarehouseFailed(f"migration {migration.name} was applied with another content")
        if checksum is not None:
            return False
        connection.execute("set local role pso_owner")
        connection.execute("set local statement_timeout = 0")
        connection.execute(migration.sql.encode())
        connection.execute(
            "insert into operations.migrations (name, checksum) values (%s, %s)", (migration.name, migration.checksum)
        )
    return True
