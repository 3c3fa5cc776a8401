"""`pso arrangement activate|history` on a real Kafka: what is activated is followed, kept with its reason, and replayed."""

import json
from pathlib import Path

import pytest

from deploy.dev.stack import Stack
from schemas.catalogue import bundled
from schemas.codec import Codec
from schemas.connection import KafkaConnection
from schemas.topics import ARRANGEMENTS_ACTIVATED, submitted
from stream_processors.cli import exit_codes
from stream_processors.domain.arrangements import Arrangements
from stream_processors.domain.contract.activation import LEAD
from stream_processors.runtime.arrangement_register import SKEW, ArrangementRegister
from stream_processors.runtime.clock import now_ms
from stream_processors.sinks.arrangement_versions import ARRANGEMENT_VERSIONS
from tests.integration.fresh_warehouse import fresh_warehouse, login, rows
from tests.integration.sinks_on_kafka import sink_bench
from tests.support.deadline import eventually
from tests.support.documents import NARROW, WIDE
from tests.unit.cli.running import ran

BY = "--by 'staff 17' --reason 'contract signed'"


@pytest.fixture
def namespace_of_nobody(stack: Stack, namespace: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The environment of a PSO that has no arrangement yet, and no arrangements file."""
    monkeypatch.chdir(tmp_path)
    Path("wide.toml").write_text(WIDE)
    Path("narrow.toml").write_text(NARROW)
    monkeypatch.setenv("PSO_PROFILE", "dev")
    monkeypatch.setenv("PSO_KAFKA_BOOTSTRAP_SERVERS", stack.bootstrap)
    monkeypatch.setenv("PSO_KAFKA_SECURITY_PROTOCOL", "PLAINTEXT")
    monkeypatch.setenv("PSO_REPLICATION_FACTOR", "1")
    monkeypatch.setenv("PSO_PARTITIONS", "4")
    monkeypatch.setenv("PSO_NAMESPACE", namespace)
    assert ran("topics create").code == exit_codes.OK
    return namespace


def register_of(stack: Stack, namespace: str) -> ArrangementRegister:
    topic = namespace + ARRANGEMENTS_ACTIVATED.name
    found = ArrangementRegister(Arrangements({}), KafkaConnection(stack.bootstrap), topic, Codec(bundled()))
    found.refresh()
    return found


def test_a_pso_without_a_file_activates_its_contracts_and_every_process_knows_them(
    stack: Stack, namespace_of_nobody: str
) -> None:
    first = ran(f"arrangement activate wide.toml {BY}")
    assert first.code == exit_codes.OK, first.err
    assert "its entry topic is new" in first.err
    assert "2 topics created" in ran("topics create").err, "an entry topic and its dead letters"
    again = ran(f"arrangement activate wide.toml {BY}")
    assert (again.code, "activated already" in again.err) == (exit_codes.OK, True)
    later = ran(f"arrangement activate narrow.toml --from 2099-01-01T00:00:00Z {BY} --json")
    assert json.loads(later.out)["written"]

    one, other = register_of(stack, namespace_of_nobody), register_of(stack, namespace_of_nobody)
    assert one.arrangements == other.arrangements, "a replay decides as the first run did"
    entry, now = submitted("arr-7k2q"), now_ms()
    assert one.arrangements.in_force(entry, now + LEAD).policy_version == 3
    assert one.arrangements.in_force(entry, 4_100_000_000_000).policy_version == 4
    assert one.knows(now + LEAD - 2 * SKEW)
    assert not one.knows(now + LEAD)

    versions = json.loads(ran("arrangement history arr-7k2q --json").out)
    assert [(one["policy_version"], one["activated_by"], one["reason"]) for one in versions] == [
        (3, "staff 17", "contract signed"),
        (4, "staff 17", "contract signed"),
    ]
    assert versions[1]["in_force_from"] == "2099-01-01T00:00:00+00:00"
    assert ["narratives.release", "nonidentified", "none"] in versions[1]["changed"]
    assert "arr-7k2q version 4 from 2099" in ran("arrangement history").out


@pytest.mark.usefixtures("namespace_of_nobody")
def test_what_widens_the_law_or_does_not_follow_is_not_written() -> None:
    Path("wider.toml").write_text(WIDE.replace('["public"]', '["public"]\ndates = "day"', 1))
    refused = ran(f"arrangement activate wider.toml {BY}")
    assert (refused.code, "3.212(a)(2)" in refused.err) == (exit_codes.REFUSED, True)
    assert ran(f"arrangement activate wide.toml --dry-run {BY}").code == exit_codes.OK
    assert "nothing was activated" in ran("arrangement history").err
    assert ran(f"arrangement activate wide.toml {BY}").code == exit_codes.OK
    Path("same.toml").write_text(WIDE.replace('"nonidentified"', '"none"'))
    Path("else.toml").write_text(NARROW.replace("prv-8f3k2m", "prv-else"))
    late = ran(f"arrangement activate narrow.toml --from 2026-02-30T00:00:00Z {BY}")
    assert (late.code, "--from" in late.err) == (exit_codes.USAGE, True)
    wordy = ran(f"arrangement activate narrow.toml --by 'staff 17' --reason {'x' * 300}")
    assert (wordy.code, "reason" in wordy.err) == (exit_codes.USAGE, True), wordy.err
    for name, place in (("same", "version"), ("else", "parties.provider")):
        ended = ran(f"arrangement activate {name}.toml {BY}")
        assert (ended.code, ended.err.startswith(f"pso: {place}: ")) == (exit_codes.USAGE, True), ended.err
    assert len(json.loads(ran("arrangement history --json").out)) == 1


@pytest.mark.usefixtures("namespace_of_nobody")
def test_the_registry_says_with_whom_a_contract_can_be(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    register = "provider add --id prv-8f3k2m --name 'Tamarack Regional' --type hospital --state OR --licence OR:H-1"
    with fresh_warehouse(stack.database_url) as owner, login(owner, "pso_registrar") as url:
        monkeypatch.setenv("PSO_DATABASE_URL", url)
        unknown = ran(f"arrangement activate wide.toml {BY}")
        assert (unknown.code, "parties.provider: is not in the registry" in unknown.err) == (exit_codes.REFUSED, True)
        assert ran(f"{register} --within-pso-parent").code == exit_codes.OK
        assert ran("provider retire prv-8f3k2m --reason closed").code == exit_codes.OK
        assert "is retired" in ran(f"arrangement activate wide.toml --dry-run {BY}").err
        assert ran(register).code == exit_codes.OK
        held = ran(f"arrangement activate wide.toml {BY}")
        assert (held.code, "registry calls prv-8f3k2m" in held.err, "Tamarack" in held.err) == (exit_codes.OK, True, False)
        assert len(json.loads(ran("arrangement history --json").out)) == 1


def test_a_worker_with_no_arrangement_at_all_says_what_to_do(namespace_of_nobody: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PSO_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    ended = ran("worker")
    assert ended.code == exit_codes.USAGE
    assert "pso arrangement activate" in ended.err


def test_every_version_becomes_a_row(stack: Stack, namespace_of_nobody: str) -> None:
    assert ran(f"arrangement activate wide.toml {BY}").code == exit_codes.OK
    assert ran(f"arrangement activate narrow.toml {BY}").code == exit_codes.OK
    columns = "arrangement, policy_version, provider, counts_leave, threshold, contributors, activated_by"
    with (
        fresh_warehouse(stack.database_url) as url,
        sink_bench(stack.bootstrap, namespace_of_nobody, [ARRANGEMENTS_ACTIVATED], url) as bench,
        bench.running(ARRANGEMENT_VERSIONS),
    ):
        question = f"select {columns} from protected.arrangement_versions order by 2"
        eventually(lambda: len(rows(url, question)) == 2)
        assert rows(url, question) == [
            ("arr-7k2q", 3, "prv-8f3k2m", True, 10, 3, "staff 17"),
            ("arr-7k2q", 4, "prv-8f3k2m", True, 20, 5, "staff 17"),
        ]
