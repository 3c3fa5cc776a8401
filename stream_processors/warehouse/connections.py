"""Connections to PostgreSQL, and which of its errors mean that it is away, that a row is wrong, or that we are."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import errors

from stream_processors.domain.rejection import Unavailable

Connection = psycopg.Connection[tuple[Any, ...]]

# A paused process must not hold its locks for longer than this, or its successor waits for it; milliseconds.
_OPTIONS = "-c statement_timeout=30000 -c idle_in_transaction_session_timeout=30000 -c timezone=UTC"
_AWAY = (errors.OperationalError, errors.InterfaceError, errors.ReadOnlySqlTransaction)
_TOO_LARGE = "54"  # class of program_limit_exceeded: an index entry or a value beyond PostgreSQL's limits


class WarehouseFailed(Exception):
    """PostgreSQL refuses what we ask, for good. Holds its code alone: its words may quote a row."""


class Fenced(Exception):
    """Another process has moved this sink's position: the partition is no longer ours."""


def connect(database_url: str, application_name: str, password: str | None = None) -> Connection:
    """An autocommit connection; transactions are explicit. Raises Unavailable."""
    secret: dict[str, str] = {} if password is None else {"password": password}
    with away_is_unavailable():
        return psycopg.connect(
            database_url,
            autocommit=True,
            application_name=application_name,
            connect_timeout=5,
            options=_OPTIONS,
            keepalives_idle=10,
            keepalives_interval=3,
            keepalives_count=3,
            **secret,  # type: ignore[arg-type]
        )


@contextmanager
def away_is_unavailable() -> Iterator[None]:
    """Turns PostgreSQL's errors into Unavailable or WarehouseFailed. Their words may quote a row and go no further."""
    try:
        yield
    except psycopg.Error as error:
        if isinstance(error, _AWAY):
            raise Unavailable(_why(error), retry_after=0.1) from None
        raise WarehouseFailed(f"{type(error).__name__} {error.sqlstate or ''}".rstrip()) from None


def _why(error: psycopg.Error) -> str:
    """What is away, and what a person can do about it. Of the server's words only these two are looked for."""
    words = str(error)
    if "authentication failed" in words:
        return "postgresql (it refused user or password: check PSO_DATABASE_URL and PSO_DATABASE_PASSWORD_FILE)"
    if "does not exist" in words and "database" in words:
        return "postgresql (it has no such database: check PSO_DATABASE_URL)"
    return "postgresql"


def refuses_a_row(error: psycopg.Error) -> bool:
    """True when PostgreSQL is well, and one of the rows is what it cannot take."""
    if isinstance(error, errors.DataError | errors.IntegrityError):
        return True
    return (error.sqlstate or "").startswith(_TOO_LARGE)
