"""A release on its topic, with the real broker and PostgreSQL: all of it, once for each key, whatever kills the command."""

import signal
import subprocess
import sys
from collections.abc import Callable, Sequence

import pytest

from deploy.dev.stack import Stack
from schemas.catalogue import bundled
from schemas.codec import Codec
from schemas.connection import KafkaConnection
from schemas.records import PublishedCell
from schemas.topics import CELLS_PUBLISHED
from stream_processors.cli import exit_codes
from stream_processors.runtime.delivery import Delivery
from stream_processors.runtime.messages import Incoming, Outgoing
from stream_processors.warehouse.releases import released
from tests.integration.fresh_warehouse import login, rows
from tests.integration.test_publish import DECISION, owner, pso, publisher, release
from tests.support.kafka import read_all

__all__ = ["owner", "publisher"]  # fixtures

CODEC = Codec(bundled())
KILLED_BETWEEN = "publish_release.add = killed_after(publish_release.add)"
KILLED_WITHIN = "CellTopic.write = killed_after(lambda topic, cells, write=CellTopic.write: write(topic, cells[:10]))"
KILLED = f"""
import os, signal, sys
from stream_processors.cli import publish_release
from stream_processors.cli.program import main
from stream_processors.runtime.cell_topic import CellTopic

def killed_after(work):
    def killed(*given):
        work(*given)
        if given[1]:  # before the release the topic lacks nothing: that call goes on
            os.kill(os.getpid(), signal.SIGKILL)
    return killed

{{how}}
main({["publish", "release", "plan.toml", "--period", "2025-Q1", *DECISION, "--yes"]!r})
"""


@pytest.fixture
def on_the_topic(stack: Stack, namespace: str) -> Callable[[], list[Incoming]]:
    """What anybody who subscribes reads."""
    return lambda: read_all(stack.bootstrap, namespace + CELLS_PUBLISHED.name)


def cells(records: Sequence[Incoming]) -> dict[tuple[str, ...], int | None]:
    """The newest value of each key, as a reader of a compacted topic has it."""
    read = [CODEC.decode(record.value or b"", PublishedCell) for record in records]
    return {(f"{cell.period}.r{cell.revision}", cell.table, *cell.labels): cell.count for cell in read}


def in_the_warehouse(owner: str) -> dict[tuple[object, ...], object]:
    """The rows of the schema `published`."""
    found = rows(owner, "select release_id, table_id, row_label, column_label, published from published.cells")
    return {row[:-1]: row[-1] for row in found}


@pytest.mark.usefixtures("publisher")
def test_a_release_is_on_its_topic_as_it_is_in_the_warehouse(
    owner: str, on_the_topic: Callable[[], list[Incoming]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert release() == exit_codes.OK
    assert on_the_topic() == [], "a dry run"
    assert release("--yes") == exit_codes.OK
    there = on_the_topic()
    assert cells(there) == in_the_warehouse(owner) != {}
    assert {record.headers[1] for record in there} == {("pso-grade", b"A")}
    assert b"prv-" not in b"".join((record.key or b"") + (record.value or b"") for record in there)
    capsys.readouterr()
    assert pso("send") == exit_codes.OK
    assert "0 released cells were written" in capsys.readouterr().err
    assert on_the_topic() == there
    assert release("--yes", "--revise") == exit_codes.OK
    assert cells(on_the_topic()) == in_the_warehouse(owner)


@pytest.mark.parametrize("how", [KILLED_BETWEEN, KILLED_WITHIN], ids=["before the topic", "within the topic"])
@pytest.mark.usefixtures("publisher")
def test_a_kill_after_the_commit_leaves_a_release_that_the_next_call_completes(
    owner: str, on_the_topic: Callable[[], list[Incoming]], capsys: pytest.CaptureFixture[str], how: str
) -> None:
    killed = subprocess.run([sys.executable, "-c", KILLED.format(how=how)], check=False, capture_output=True, timeout=120)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    committed = in_the_warehouse(owner)
    assert len(on_the_topic()) == (0 if how == KILLED_BETWEEN else 10)
    assert committed
    capsys.readouterr()
    assert release("--yes") == exit_codes.REFUSED, "it was released"
    assert "was released as 2025-Q1.r1" in capsys.readouterr().err
    there = on_the_topic()
    assert cells(there) == committed == in_the_warehouse(owner)
    assert len(there) == len(committed), "what was there was not written again"


@pytest.mark.usefixtures("publisher")
def test_what_no_release_has_is_refused_before_anything_is_written(
    stack: Stack, namespace: str, owner: str, on_the_topic: Callable[[], list[Incoming]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert release("--yes") == exit_codes.OK
    ours = on_the_topic()[0]
    forged = Outgoing(ours.topic, ours.partition, b"2024-Q1|1|type-by-harm|*/*", ours.value, [])
    delivery = Delivery(KafkaConnection(stack.bootstrap), "tests")
    delivery.deliver([forged])
    delivery.close()
    capsys.readouterr()
    assert release("--yes", "--revise") == exit_codes.REFUSED
    assert "holds 1 records that no release in this warehouse has" in capsys.readouterr().err
    assert rows(owner, "select count(*) from published.releases") == [(1,)]
    assert pso("send") == exit_codes.REFUSED


def test_nothing_is_released_where_there_is_no_topic_to_tell_it_on(
    publisher: str, owner: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PSO_NAMESPACE", "nobody-")
    assert release("--yes") == exit_codes.UNAVAILABLE
    assert "it lacks nobody-pso-cells-published" in capsys.readouterr().err
    assert rows(owner, "select count(*) from published.releases") == [(0,)]


def test_who_sends_needs_to_see_no_more_than_what_is_published(owner: str) -> None:
    with login(owner, "pso_analyst_published") as url:
        assert released(url) == []
