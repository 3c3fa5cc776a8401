"""A database of its own for one test, migrated, and gone afterwards; and logins that hold one duty."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql

from stream_processors.warehouse.migration import migrate


@contextmanager
def fresh_database(server: str) -> Iterator[str]:
    """The connection string of an empty database."""
    name = f"t{secrets.token_hex(6)}"
    _on(server, sql.SQL("create database {}").format(sql.Identifier(name)))
    try:
        yield f"{server.rpartition('/')[0]}/{name}"
    finally:
        _on(server, sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def _on(server: str, statement: sql.Composed) -> None:
    """A connection for each: the test may have killed the server in between."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement)


@contextmanager
def fresh_warehouse(server: str) -> Iterator[str]:
    """The owner's connection string of a migrated database."""
    with fresh_database(server) as url:
        migrate(url)
        yield url


@contextmanager
def login(url: str, *duties: str, options: str = "") -> Iterator[str]:
    """The connection string of somebody who has these duties and nothing else."""
    name, password = f"t{secrets.token_hex(6)}", secrets.token_hex(8)
    who = sql.Identifier(name)
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute(sql.SQL("create role {} login {} password {}").format(who, sql.SQL(options), password))
        for duty in duties:
            owner.execute(sql.SQL("grant {} to {}").format(sql.Identifier(duty), who))
        try:
            yield f"postgresql://{name}:{password}@{url.rpartition('@')[2]}"
        finally:
            owner.execute(sql.SQL("drop owned by {} cascade").format(who))
            owner.execute(sql.SQL("drop role {}").format(who))


def rows(url: str, question: str) -> list[tuple[object, ...]]:
    """What the owner reads."""
    with psycopg.connect(url) as connection:
        return connection.execute(question.encode()).fetchall()
