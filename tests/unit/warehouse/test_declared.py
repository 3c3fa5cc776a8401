"""Migrations are numbered without a gap, and the table of grants gives nobody more than one grade and nothing to delete."""

import re

import pytest
from msgspec.structs import replace

from stream_processors.warehouse.findings import CountsCheck, Derived, Reconciliation
from stream_processors.warehouse.migration import migrations
from stream_processors.warehouse.privileges import GRANTS, OWNER, ROLES, SCHEMAS, expected

SQL = "\n".join(migration.sql for migration in migrations())
CREATED = set(re.findall(r"create (?:table|view) ([a-z]+\.[a-z_]+)", SQL))


def test_migrations_are_numbered_from_one_without_a_gap() -> None:
    assert [int(migration.name[:4]) for migration in migrations()] == list(range(1, len(migrations()) + 1))


def test_the_checksum_follows_the_text() -> None:
    first, second = migrations()[:2]
    assert first.checksum == migrations()[0].checksum
    assert first.checksum != second.checksum


def test_every_relation_has_a_grant_and_every_grant_a_relation() -> None:
    assert {grant.relation for grant in GRANTS} == CREATED


def test_every_schema_of_the_grants_is_created() -> None:
    assert set(re.findall(r"create schema ([a-z]+)", SQL)) == set(SCHEMAS)


@pytest.mark.parametrize("privilege", ["DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"])
def test_nobody_but_the_owner_may(privilege: str) -> None:
    assert not [holding for holding in expected() if holding[1] == privilege]


@pytest.mark.parametrize("grade", ["protected", "anonymized", "nonidentified", "published"])
def test_an_analyst_has_one_schema_and_only_reads(grade: str) -> None:
    held = [holding for holding in expected() if holding[0] == f"pso_analyst_{grade}"]
    assert {name.partition(".")[0] for _, _, name, _ in held} == {grade}
    assert {privilege for _, privilege, _, _ in held} <= {"USAGE", "SELECT"}


def test_only_the_vault_writes_surrogates_and_only_the_auditor_reads_them_beside_it() -> None:
    held = {(role, privilege) for role, privilege, name, _ in expected() if name == "vault.surrogates"}
    assert held == {("pso_vault", "SELECT"), ("pso_vault", "INSERT"), ("pso_auditor", "SELECT")}


def test_every_role_of_a_grant_is_a_declared_duty() -> None:
    assert {holding[0] for holding in expected()} <= set(ROLES) - {OWNER}


FINE = Reconciliation(
    submitted=1,
    undecodable=0,
    accepted=1,
    dead_letters=0,
    in_flight=0,
    missing=0,
    missing_examples=(),
    extra=0,
    extra_examples=(),
    derived=(Derived("t", 0, 3),),
    live_counts=CountsCheck(1, 0, 1),
    stored_counts=CountsCheck(1, 0, 0),
)


@pytest.mark.parametrize(
    ("change", "agrees"),
    [
        ({}, True),
        ({"in_flight": 5}, True),  # young records are no finding
        ({"missing": 1}, False),
        ({"extra": 1}, False),
        ({"derived": (Derived("t", 1, 0),)}, False),
        ({"live_counts": CountsCheck(1, 1, 0)}, False),
        ({"stored_counts": CountsCheck(1, 1, 0)}, False),
    ],
)
def test_a_reconciliation_agrees_only_when_nothing_differs(change: dict[str, object], agrees: bool) -> None:
    assert replace(FINE, **change).agrees is agrees
