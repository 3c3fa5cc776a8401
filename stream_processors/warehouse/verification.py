"""Is the database what this software expects? A list of differences, none when it is."""

from collections.abc import Iterator

from stream_processors.warehouse.connections import Connection, away_is_unavailable, connect
from stream_processors.warehouse.migration import applied, migrations
from stream_processors.warehouse.privileges import CALLS, GRANTS, ROLES, expected, held


def verify(database_url: str, password: str | None = None) -> list[str]:
    """Every difference in migrations, relations, roles and grants, one sentence each. Raises Unavailable."""
    with away_is_unavailable(), connect(database_url, "pso-verify", password) as connection:
        return [*_migrations(connection), *_roles(connection), *_relations(connection), *_grants(connection)]


def _migrations(connection: Connection) -> Iterator[str]:
    done = applied(connection)
    shipped = {migration.name: migration.checksum for migration in migrations()}
    for name in sorted(shipped.keys() | done.keys()):
        if name not in done:
            yield f"migration {name} is not applied"
        elif name not in shipped:
            yield f"migration {name} is unknown to this software"
        elif done[name] != shipped[name]:
            yield f"migration {name} was applied with another content"


def _roles(connection: Connection) -> Iterator[str]:
    rows = connection.execute("select rolname, rolcanlogin, rolsuper from pg_roles where rolname = any(%s)", (list(ROLES),))
    found = {name: (may_login, is_super) for name, may_login, is_super in rows}
    for role in ROLES:
        if role not in found:
            yield f"role {role} is missing"
        elif any(found[role]):
            yield f"role {role} is a login or a superuser; it must be neither"


def _relations(connection: Connection) -> Iterator[str]:
    for name in sorted({grant.relation for grant in GRANTS}):
        row = connection.execute("select to_regclass(%s) is null", (name,)).fetchone()
        if row is not None and row[0]:
            yield f"{name} is missing"
    for call in CALLS:
        row = connection.execute("select to_regproc(%s) is null", (call.relation,)).fetchone()
        if row is not None and row[0]:
            yield f"{call.relation} is missing"


def _grants(connection: Connection) -> Iterator[str]:
    now, wanted = held(connection), expected()
    for holding in sorted(wanted - now):
        yield f"{_words(*holding)} is not granted"
    for holding in sorted(now - wanted):
        yield f"{_words(*holding)} is granted and must not be"


def _words(role: str, privilege: str, name: str, column: str) -> str:
    return f"{privilege} on {name}{f'({column})' if column else ''} to {role}"
