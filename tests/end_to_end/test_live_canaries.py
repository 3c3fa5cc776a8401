"""Live canaries through the whole system as processes: they arrive, count nowhere, and notice a layer that is gone."""

import json
import re
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from deploy.demo.running import BIN, Service
from deploy.dev.stack import Stack
from schemas.topics import CONTRIBUTIONS, COUNTS_CHANGED, EVENTS_CLASSIFIED
from tests.end_to_end.conftest import System
from tests.integration.fresh_warehouse import fresh_warehouse, login
from tests.support.deadline import eventually
from tests.support.kafka import read_all

NAMESPACE = "canaries-"
REAL, TEST = ("prv-8f3k2m", "arr-7k2q"), ("prv-c4n4ry", "arr-c4n4ry")
ARRANGEMENTS = """
[[arrangement]]
id = "arr-7k2q"
provider = "prv-8f3k2m"
provider_type = "hospital"
policy_version = 1
in_force_from = 2020-01-01
narrative_release = "nonidentified"

[[arrangement]]
id = "arr-c4n4ry"
provider = "prv-c4n4ry"
provider_type = "hospital"
policy_version = 1
in_force_from = 2020-01-01
narrative_release = "nonidentified"
test = true
"""
REAL_EVENTS = 3


@pytest.fixture(scope="module")
def flow(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """A system of its own, with one real provider and the canaries; the checker has the rights of an auditor."""
    folder = tmp_path_factory.mktemp("canaries")
    (folder / "arrangements.toml").write_text(ARRANGEMENTS)
    (folder / "seed").write_text("0123456789abcdef" * 4 + "\n")
    with fresh_warehouse(stack.database_url) as url:
        environment = stack.environment() | {
            "PSO_NAMESPACE": NAMESPACE,
            "PSO_PARTITIONS": "2",
            "PSO_DATABASE_URL": url,
            "PSO_ARRANGEMENTS_FILE": str(folder / "arrangements.toml"),
            "PSO_CANARY_SEED_FILE": str(folder / "seed"),
            "PSO_SESSION_TIMEOUT_SECONDS": "6",
        }
        services = {name: Service(name, environment, folder / f"{name}.log") for name in ("worker", "sink")}
        system = System(environment, stack.bootstrap, url, folder, services)
        assert system.run("pso", "topics", "create").returncode == 0
        for service in services.values():
            service.start()
        for service in services.values():
            service.await_ready()
        try:
            yield system
        finally:
            for service in system.services.values():
                service.stop()


def checked(flow: System, *words: str) -> tuple[int, dict[str, Any]]:
    """`pso canaries check`, with the rights of an auditor and no more."""
    with login(flow.database_url, "pso_auditor") as auditor:
        done = flow.run("pso", "canaries", "check", "--json", *words, PSO_DATABASE_URL=auditor)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, json.loads(done.stdout)


def sent(flow: System, event_id: str) -> None:
    told = {
        "event_id": event_id, "revision": 1, "action": "report", "provider": REAL[0], "report_type": "incident",
        "categories": ["fall"], "harm": "mild", "event_date": "2024-05-16", "report_date": "2024-05-17",
    }  # fmt: skip
    flow.send(*REAL, [told], event_id)


@pytest.fixture(scope="module")
def round_(flow: System) -> dict[str, Any]:
    """One round of canaries between real events."""
    for number in range(REAL_EVENTS):
        sent(flow, f"real-{number}")
    code, found = checked(flow)
    assert code == 0, found["findings"]
    return found


def test_a_whole_system_passes(round_: dict[str, Any]) -> None:
    assert round_["clean"]
    assert (round_["canaries"], round_["lost"]) == (210, {"P1": 0, "P2": 0})
    assert round_["recall"]["P2"]["name"] > 0.95
    assert round_["recall"]["P2"]["date"] == 1.0
    assert "date" not in round_["recall"]["P1"]


def test_no_count_and_no_signal_holds_a_canary(flow: System, round_: dict[str, Any]) -> None:
    eventually(lambda: flow.rows("select sum(count)::int from protected.cell_counts") == [(REAL_EVENTS,)], 60)
    assert flow.rows("select distinct provider from protected.contributions") == [(REAL[0],)]
    assert flow.rows("select count(*) from protected.signals where raised") == [(0,)]
    for topic in (CONTRIBUTIONS, COUNTS_CHANGED):
        records = read_all(flow.bootstrap, NAMESPACE + topic.name)
        assert records
        assert not [record for record in records if TEST[0].encode() in (record.value or b"") + (record.key or b"")]
    assert any(TEST[0].encode() in (r.value or b"") for r in read_all(flow.bootstrap, NAMESPACE + EVENTS_CLASSIFIED.name))


def test_their_rows_say_what_they_are_and_no_analyst_sees_one(flow: System, round_: dict[str, Any]) -> None:
    query = "select provider, test, count(*) from protected.event_revisions group by 1, 2 order by 1"
    expected = [(REAL[0], False, REAL_EVENTS), (TEST[0], True, 210)]
    eventually(lambda: flow.rows(query) == expected, 60)
    assert flow.rows("select distinct provider from protected.events_current") == [(REAL[0],)]
    for grade, schema in (("P1", "anonymized"), ("P2", "nonidentified")):
        left = 210 - round_["quarantined"][grade]  # each round draws others, and now and then one is withheld
        assert flow.rows(f"select count(*) from {schema}.events_current") == [(REAL_EVENTS,)]
        assert flow.rows(f"select count(*) from {schema}.test_events where (record ->> 'test')::boolean") == [(left,)]


def test_reconciliation_is_clean_with_canaries_in_the_flow(flow: System, round_: dict[str, Any]) -> None:
    eventually(lambda: flow.run("pso", "reconcile", "--grace", "0").returncode == 0, 60, every=0.5)
    found = json.loads(flow.run("pso", "reconcile", "--json", "--grace", "0").stdout)
    assert (found["clean"], found["submitted"]) == (True, 210 + REAL_EVENTS)


def test_the_gauges_are_served_and_name_nobody(flow: System, round_: dict[str, Any]) -> None:
    words = (str(BIN / "pso"), "canaries", "run", "--every", "1", "--rate", "70")
    service = Service("canaries", flow.environment, flow.folder / "canaries.log", words=words)
    service.start()
    try:
        page = eventually(lambda: judged_page(service), 60, every=0.2)
    finally:
        service.stop()
    assert re.search(r'^pso_canary_recall\{grade="P2",type="name"\} (0\.9\d*|1\.0)$', page, re.MULTILINE)
    assert 'pso_canary_lost{grade="P2"} 0.0' in page
    assert "pso_canary_published 70.0" in page
    assert not any(word in page for word in ("prv-", "arr-", "pso-events-submitted"))


def judged_page(service: Service) -> str:
    service.check()
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{service.port}/metrics", timeout=5) as answer:
            page: str = answer.read().decode()
    except OSError:
        return ""
    return page if re.search(r"^pso_canary_timestamp_seconds [1-9]", page, re.MULTILINE) else ""


WRONG = [
    ({"PSO_CANARY_SEED_FILE": ""}, "", "PSO_CANARY_SEED_FILE is not set", "no seed"),
    ({"PSO_NAMESPACE": "nobody-"}, "", "pso topics create", "the topics are not there"),
    ({}, ARRANGEMENTS.replace("test = true\n", ""), "has no test arrangement: add one with test = true", "no test arrangement"),
    (
        {},
        ARRANGEMENTS.replace('release = "nonidentified"\ntest', 'release = "none"\ntest'),
        "lets no narrative",
        "no words leave",
    ),
    ({}, ARRANGEMENTS.replace("2020-01-01", "2024-09-01"), "arrangement_not_in_force", "in force too late"),
    ({}, ARRANGEMENTS + 'categories = ["fall"]\n', "out_of_scope", "a scope that is too narrow"),
]


@pytest.mark.parametrize(("changed", "text", "told", "remark"), WRONG, ids=[row[3] for row in WRONG])
def test_a_wrong_setup_is_one_line_that_says_what_to_do(
    flow: System, tmp_path: Path, changed: dict[str, str], text: str, told: str, remark: str
) -> None:
    if text:
        (tmp_path / "arrangements.toml").write_text(text)
        changed = {"PSO_ARRANGEMENTS_FILE": str(tmp_path / "arrangements.toml")}
    done = flow.run("pso", "canaries", "check", "--patience", "2", **changed)
    assert done.returncode == 2, done.stderr
    assert told in done.stderr, remark
    assert len(done.stderr.splitlines()) == 1


def test_canaries_that_nobody_works_on_are_lost_and_a_layer_that_is_gone_is_noticed(
    flow: System, round_: dict[str, Any]
) -> None:
    flow.services["worker"].stop()
    code, found = checked(flow, "--rate", "4", "--patience", "2")
    assert (code, found["lost"]) == (3, {"P1": 4, "P2": 4})
    weak = replace(flow.services["worker"], words=(sys.executable, "-m", "tests.end_to_end.worker_without_tagger"))
    weak.start()
    try:
        weak.await_ready()
        code, found = checked(flow)
    finally:
        weak.stop()
    assert code == 3
    assert found["lost"] == {"P1": 0, "P2": 0}
    assert "name" in {one["type"] for one in found["findings"] if one["what"] == "recall"}
    assert found["recall"]["P2"]["name"] < 0.8
    eventually(lambda: flow.run("pso", "reconcile", "--grace", "0").returncode == 0, 60, every=0.5)
