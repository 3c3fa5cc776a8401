"""The warehouse comes to its shape, says where it is not in shape, and lets nobody do more than their duty."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from psycopg import sql

from deploy.dev.stack import Stack
from stream_processors.warehouse.connections import WarehouseFailed
from stream_processors.warehouse.migration import migrate, migrations
from stream_processors.warehouse.verification import verify
from tests.integration.fresh_warehouse import fresh_database, fresh_warehouse, login, rows

EVERY_RELATION = """
select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname in ('operations', 'protected', 'anonymized', 'nonidentified', 'published', 'vault') and c.relkind in ('r', 'v')
"""


@pytest.fixture
def warehouse(stack: Stack) -> Iterator[str]:
    with fresh_warehouse(stack.database_url) as url:
        yield url


def execute(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())


def allowed(url: str, statement: str) -> bool:
    try:
        with psycopg.connect(url) as connection:
            connection.execute(statement.encode())
    except psycopg.errors.InsufficientPrivilege:
        return False
    return True


def test_an_empty_database_is_migrated_once_and_then_agrees(stack: Stack) -> None:
    with fresh_database(stack.database_url) as url:
        assert verify(url)[0] == "migration 0001_operations is not applied"
        assert migrate(url) == [migration.name for migration in migrations()]
        assert migrate(url) == []
        assert verify(url) == []


def test_migrations_at_the_same_moment_in_one_and_in_two_databases_apply_each_once(stack: Stack) -> None:
    with fresh_database(stack.database_url) as one, fresh_database(stack.database_url) as two:
        with ThreadPoolExecutor(6) as pool:
            done = list(pool.map(migrate, (one, two, one, two, one, two)))
        assert sorted(name for names in done for name in names) == sorted([m.name for m in migrations()] * 2)
        assert verify(one) == verify(two) == []


def test_an_owner_who_is_no_superuser_can_migrate(stack: Stack) -> None:
    with fresh_database(stack.database_url) as url, login(url, "pso_migrate") as owner:
        name = psycopg.conninfo.conninfo_to_dict(owner)["user"]
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(sql.SQL("alter database {} owner to {}").format(database(url), sql.Identifier(str(name))))
        assert migrate(owner) == [migration.name for migration in migrations()]
        assert verify(owner) == []
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(sql.SQL("alter database {} owner to postgres").format(database(url)))


def database(url: str) -> sql.Identifier:
    return sql.Identifier(str(psycopg.conninfo.conninfo_to_dict(url)["dbname"]))


@pytest.mark.parametrize(
    ("harm", "said", "healed"),
    [
        ("delete from operations.migrations where name = '0005_vault'", "migration 0005_vault is not applied", False),
        (
            "update operations.migrations set checksum = 'x' where name = '0005_vault'",
            "migration 0005_vault was applied with another content",
            False,
        ),
        (
            "insert into operations.migrations values ('9999_later', 'x')",
            "migration 9999_later is unknown to this software",
            False,
        ),
        ("drop table protected.signals", "protected.signals is missing", False),
        (
            "revoke insert on protected.event_revisions from pso_sink",
            "INSERT on protected.event_revisions to pso_sink is not granted",
            True,
        ),
        (
            "grant delete on protected.event_revisions to pso_sink",
            "DELETE on protected.event_revisions to pso_sink is granted and must not be",
            True,
        ),
        (
            "grant select (surrogate) on vault.surrogates to public",
            "SELECT on vault.surrogates(surrogate) to public is granted and must not be",
            True,
        ),
        (
            "grant usage on schema protected to pso_analyst_anonymized",
            "USAGE on protected to pso_analyst_anonymized is granted and must not be",
            True,
        ),
    ],
)
def test_what_was_changed_by_hand_is_said_and_wrong_grants_are_put_right(
    warehouse: str, harm: str, said: str, healed: bool
) -> None:
    execute(warehouse, harm)
    assert said in verify(warehouse)
    if healed:
        migrate(warehouse)
        assert verify(warehouse) == []


def test_an_altered_migration_stops_the_migration(warehouse: str) -> None:
    execute(warehouse, "update operations.migrations set checksum = 'x' where name = '0002_protected'")
    with pytest.raises(WarehouseFailed, match="0002_protected was applied with another content"):
        migrate(warehouse)


@pytest.mark.parametrize(
    ("duty", "may_read"),
    [
        ("pso_analyst_anonymized", {"anonymized.events_current"}),
        ("pso_analyst_nonidentified", {"nonidentified.events_current"}),
        ("pso_analyst_published", {"published.releases", "published.cells"}),
        ("pso_receipts", set()),
        (
            "pso_custodian",
            {
                "protected.arrangement_versions",
                "protected.dispositions",
                "protected.disposed_revisions",
                "protected.feedback_given",
            },
        ),
        ("pso_vault", {"vault.surrogates", "vault.date_offsets", "vault.combination_snapshots"}),
        (
            "pso_operator",
            {
                "protected.denominators",
                "protected.denominators_current",
                "protected.provider_strata",
                "protected.dead_letters",
                "protected.quarantine_decisions",
                "vault.combination_snapshots",
                "operations.migrations",
                "operations.sink_positions",
            },
        ),
    ],
)
def test_a_duty_reads_its_own_relations_and_no_other(warehouse: str, duty: str, may_read: set[str]) -> None:
    every = {str(name) for (name,) in rows(warehouse, EVERY_RELATION)}
    with login(warehouse, duty) as url:
        assert {name for name in every if allowed(url, f"select 1 from {name} limit 1")} == may_read


def test_an_analyst_of_identified_events_sees_no_other_grade_and_no_vault(warehouse: str) -> None:
    every = {str(name) for (name,) in rows(warehouse, EVERY_RELATION)}
    with login(warehouse, "pso_analyst_protected") as url:
        readable = {name for name in every if allowed(url, f"select 1 from {name} limit 1")}
    assert {name.partition(".")[0] for name in readable} == {"protected"}


@pytest.mark.parametrize(
    ("statement", "may"),
    [
        ("insert into protected.dead_letters values ('r','','','',null,null,null,null,null,null,'t',0,0)", True),
        ("update operations.sink_positions set next_offset = 0 where false", True),
        ("update protected.cell_counts set count = 0 where false", True),
        ("update protected.event_revisions set action = action where false", False),
        ("update protected.dead_letters set replayed_at = now() where false", False),
        ("delete from protected.contributions where false", False),
        ("truncate protected.signals", False),
        ("drop table protected.signals", False),
        ("alter table protected.signals add column x text", False),
        ("create table protected.x (y text)", False),
        ("select 1 from vault.surrogates", False),
        ("select 1 from operations.migrations", False),
    ],
)
def test_a_sink_adds_rows_and_can_do_nothing_else(warehouse: str, statement: str, may: bool) -> None:
    with login(warehouse, "pso_sink") as url:
        assert allowed(url, statement) is may


@pytest.mark.parametrize(
    ("statement", "may"),
    [
        ("select provider, event_id, revision from protected.event_revisions", True),
        ("select event from protected.event_revisions", False),
        ("select record from anonymized.event_revisions", False),
        ("select engine, manifest from nonidentified.event_revisions", True),
        ("select read_by, reason from protected.narrative_readings", True),
        ("update protected.dead_letters set replayed_at = now() where false", False),
    ],
)
def test_an_auditor_sees_keys_and_no_record(warehouse: str, statement: str, may: bool) -> None:
    with login(warehouse, "pso_auditor") as url:
        assert allowed(url, statement) is may


def test_an_operator_may_note_a_replay_and_change_nothing_else_of_a_dead_letter(warehouse: str) -> None:
    with login(warehouse, "pso_operator") as url:
        assert allowed(url, "update protected.dead_letters set replayed_at = now() where false")
        assert not allowed(url, "update protected.dead_letters set reason = 'x' where false")


@pytest.mark.parametrize("schema", ["anonymized", "nonidentified"])
def test_no_disclosed_table_has_a_time_or_an_entry_position(warehouse: str, schema: str) -> None:
    columns = rows(warehouse, f"select column_name, data_type from information_schema.columns where table_schema = '{schema}'")
    assert columns
    assert not [name for name, kind in columns if "timestamp" in str(kind) or str(name).startswith("origin")]
