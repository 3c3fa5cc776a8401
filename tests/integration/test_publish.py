"""`pso publish plan|diff|release` on a real warehouse: once, guarded, all or nothing, and with no more rights than needed."""

import json
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from deploy.dev.stack import Stack
from schemas.topics import CELLS_PUBLISHED
from stream_processors.cli import exit_codes
from stream_processors.cli.program import main
from stream_processors.domain.publication.not_releasable import NotReleasable
from stream_processors.domain.publication.pooled_counts import PooledCount
from stream_processors.domain.publication.release import made
from stream_processors.runtime.wire import Wire
from stream_processors.warehouse.releases import Decision, add, held
from tests.integration.fresh_warehouse import fresh_warehouse, login, rows
from tests.properties.attacked_tables import limit
from tests.support.kafka import create_topics
from tests.support.releases import PLAN, QUARTER, plan, pooled

DECISION = ("--by", "staff 17", "--reason", "quarterly report")


@pytest.fixture
def owner(stack: Stack) -> Iterator[str]:
    """A warehouse with the counts of a quarter."""
    with fresh_warehouse(stack.database_url) as url:
        count(url, pooled(900))
        yield url


@pytest.fixture
def publisher(owner: str, stack: Stack, namespace: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The environment of somebody who may publish and nothing else, and the topic that it goes to."""
    create_topics(stack.bootstrap, Wire(namespace, [CELLS_PUBLISHED]), [CELLS_PUBLISHED])
    with login(owner, "pso_publisher") as url:
        monkeypatch.setenv("PSO_DATABASE_URL", url)
        monkeypatch.setenv("PSO_KAFKA_BOOTSTRAP_SERVERS", stack.bootstrap)
        monkeypatch.setenv("PSO_KAFKA_SECURITY_PROTOCOL", "PLAINTEXT")
        monkeypatch.setenv("PSO_NAMESPACE", namespace)
        monkeypatch.setenv("PSO_PROFILE", "dev")
        (tmp_path / "plan.toml").write_text(PLAN)
        monkeypatch.chdir(tmp_path)
        yield url


def count(url: str, counts: list[PooledCount], partition: int = 0) -> None:
    """Adds counts as the sink `contributions` does."""
    with psycopg.connect(url, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.executemany(
            "insert into protected.cell_counts (partition, cell, contributor, count, version) values (%s, %s, %s, %s, 0)",
            [(partition, c.cell, c.contributor, c.count) for c in counts],
        )


def pso(*words: str) -> int:
    """Runs `pso publish`."""
    with pytest.raises(SystemExit) as ended:
        main(["publish", *words])
    assert isinstance(ended.value.code, int)
    return ended.value.code


def release(*words: str) -> int:
    """Releases the quarter."""
    return pso("release", "plan.toml", "--period", "2025-Q1", *DECISION, *words)


def agree(url: str, version: int, leaves: bool, threshold: int, contributors: int) -> None:
    """A version of the contract of one of the providers, as the sink `arrangement-versions` writes it."""
    terms = (
        "arr-3",
        version,
        "d",
        "prv-3",
        "2020-01-01",
        "{}",
        leaves,
        threshold,
        contributors,
        "staff 17",
        "",
        "t",
        0,
        version,
    )
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"insert into protected.arrangement_versions values ({', '.join(['%s'] * len(terms))})", terms)


@pytest.mark.usefixtures("publisher")
def test_a_contract_may_ask_for_more_suppression_than_the_plan_has(owner: str, capsys: pytest.CaptureFixture[str]) -> None:
    for version, threshold, contributors, words in (
        (1, 20, 3, "a contract hides counts to 20, this plan to 10 (42 CFR 3.206(e))"),
        (2, 10, 5, "a contract hides counts of fewer than 5 providers, this plan of fewer than 3 (42 CFR 3.206(e))"),
    ):
        agree(owner, version, True, threshold, contributors)
        assert pso("plan", "plan.toml", "--period", "2025-Q1") == exit_codes.REFUSED
        assert words in capsys.readouterr().err
    agree(owner, 3, True, 10, 3)
    assert pso("plan", "plan.toml", "--period", "2025-Q1") == exit_codes.OK


def test_counts_of_a_provider_whose_contract_lets_none_leave_are_not_even_read(owner: str, publisher: str) -> None:
    before = held(publisher)
    assert {count.contributor for count in before.counts} == {f"prv-{number}" for number in range(8)}
    agree(owner, 1, False, 10, 3)
    assert {count.contributor for count in before.counts} - {count.contributor for count in held(publisher).counts} == {"prv-3"}


@pytest.mark.usefixtures("publisher")
def test_a_period_is_released_once_with_its_manifest_and_its_decision(owner: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert pso("plan", "plan.toml", "--period", "2025-Q1", "--json") == exit_codes.OK
    manifest = json.loads(capsys.readouterr().out)["manifest"]
    assert release() == exit_codes.OK  # a dry run
    assert rows(owner, "select count(*) from published.releases") == [(0,)]
    assert release("--yes") == exit_codes.OK
    assert rows(owner, "select release_id, period, revision, manifest from published.releases") == [
        ("2025-Q1.r1", "2025-Q1", 1, manifest)
    ]
    told = {table["id"]: (table["cells"], table["hidden"]) for table in manifest["tables"]}
    there = rows(owner, "select table_id, count(*), count(*) - count(published) from published.cells group by 1")
    assert {str(name): (cells, hidden) for name, cells, hidden in there} == told
    assert rows(owner, "select decided_by, reason from protected.release_decisions") == [("staff 17", "quarterly report")]
    assert release("--yes") == exit_codes.REFUSED
    assert "was released as 2025-Q1.r1" in capsys.readouterr().err
    assert rows(owner, "select count(*) from published.releases") == [(1,)]


@pytest.mark.usefixtures("publisher")
def test_a_revision_says_what_changes_and_hides_what_could_be_subtracted(
    owner: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert pso("diff", "plan.toml", "--period", "2025-Q1") == exit_codes.REFUSED
    assert release("--yes") == exit_codes.OK
    assert pso("diff", "plan.toml", "--period", "2025-Q1") == exit_codes.OK
    capsys.readouterr()
    count(owner, [PooledCount("fall/mild/incident/2025-02/hospital/inpatient_unit", "prv-99", 3)], partition=1)
    assert pso("diff", "plan.toml", "--period", "2025-Q1") == exit_codes.FOUND
    changed = [line.split(",") for line in capsys.readouterr().out.splitlines()]
    assert [row for row in changed if row[1:3] == ["*", "*"] and row[-1] != ""] == []  # 900 before: 903 would give three away
    assert release("--yes") == exit_codes.REFUSED
    assert release("--yes", "--revise") == exit_codes.OK
    assert rows(owner, "select manifest ->> 'revises' from published.releases where revision = 2") == [("2025-Q1.r1",)]


@pytest.mark.usefixtures("publisher")
@pytest.mark.parametrize(
    ("before", "after", "period", "code", "said"),
    [
        ("3.206(b)(5), 3.212(a)(1)", "3.206(b)(4)(i)", "2025-Q1", exit_codes.REFUSED, "does not permit P0 -> A"),
        ("3.212(a)(1)", "3.212(a)(2)", "2025-Q1", exit_codes.REFUSED, "more of a date than the year"),
        ("days_after = 30", "days_after = 3650", "2025-Q1", exit_codes.REFUSED, "may be released from"),
        ("threshold", "threshold", "2025", exit_codes.USAGE, "a period is a month"),
        ('"harm"', '"name"', "2025-Q1", exit_codes.USAGE, "unknown axis name"),
    ],
)
def test_what_the_law_the_calendar_or_the_plan_forbids_is_refused(
    capsys: pytest.CaptureFixture[str], before: str, after: str, period: str, code: int, said: str
) -> None:
    Path("plan.toml").write_text(PLAN.replace(before, after))
    assert pso("plan", "plan.toml", "--period", period) == code
    assert said in capsys.readouterr().err


def test_a_release_that_was_made_beside_another_is_not_written(publisher: str, owner: str) -> None:
    found = held(publisher)
    mine = made(plan(), QUARTER, found.counts, found.earlier, limit(60))
    add(publisher, mine, Decision("staff 17", "first"), [])
    with pytest.raises(NotReleasable, match="plan again"):
        add(publisher, mine, Decision("staff 18", "second"), [])
    assert rows(owner, "select decided_by from protected.release_decisions") == [("staff 17",)]


def test_what_was_released_comes_back_whole_and_nobody_changes_it(publisher: str, owner: str) -> None:
    assert release("--yes") == exit_codes.OK
    (earlier,) = held(publisher).earlier
    assert earlier.is_whole()
    for statement in ("update published.cells set published = 0", "delete from published.releases", "truncate published.cells"):
        for url in (publisher, owner):  # the owner has the right, and the table refuses
            with psycopg.connect(url) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement.encode())


@pytest.mark.parametrize(
    ("statement", "may"),
    [
        ("select cell, contributor, count from protected.cell_counts", True),
        ("select version from protected.cell_counts", False),
        ("select 1 from protected.contributions", False),
        ("select 1 from protected.event_revisions", False),
        ("select 1 from vault.surrogates", False),
        ("update protected.cell_counts set count = 0", False),
    ],
)
def test_a_publisher_sees_counts_by_contributor_and_no_event(publisher: str, statement: str, may: bool) -> None:
    with psycopg.connect(publisher) as connection:
        if may:
            assert connection.execute(statement.encode()).fetchall()
        else:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement.encode())


def test_who_reads_published_counts_reads_nothing_else(owner: str) -> None:
    with login(owner, "pso_analyst_published") as url, psycopg.connect(url, autocommit=True) as connection:
        assert connection.execute("select count(*) from published.cells").fetchone() == (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("select 1 from protected.release_counts")
