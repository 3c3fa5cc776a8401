"""A contract changes while everything runs: events come in under the version of their time, and a replay decides the same."""

import time
from pathlib import Path
from typing import Any

from schemas.catalogue import bundled
from schemas.codec import Codec
from schemas.connection import KafkaConnection
from schemas.records import SafetyEvent
from schemas.topics import ARRANGEMENTS_ACTIVATED, submitted
from stream_processors.domain.arrangements import parse_arrangements
from stream_processors.domain.contract.activation import LEAD
from stream_processors.runtime.arrangement_register import ArrangementRegister
from tests.end_to_end.conftest import ARRANGEMENTS, NAMESPACE, System
from tests.support.deadline import eventually
from tests.support.kafka import read_all

PROVIDER, ARRANGEMENT = "prv-t5w9aa", "arr-c41x"
NARROWER = """
id = "arr-c41x"
version = 2

[parties]
provider = "prv-t5w9aa"
provider_type = "pharmacy"
pso = "P0042"

[term]
from = 2024-03-01
until = 2025-02-28

[[disclosures]]
grade = "P1"
recipients = ["another_pso", "reporting_provider"]
dates = "year"
"""


def event(name: str, **more: Any) -> dict[str, Any]:
    return {
        "event_id": name,
        "report_type": "incident",
        "categories": ["medication"],
        "harm": "mild",
        "event_date": "2024-05-16",
        "report_date": "2024-05-17",
    } | more


def versions(system: System, count: int) -> dict[tuple[str, int], int]:
    """Event and revision -> the version of the contract under which it came in."""
    query = "select event_id, revision, policy_version from protected.event_revisions where arrangement = %s"
    return {(name, revision): version for name, revision, version in system.await_rows(query, ARRANGEMENT, count=count)}


def disclosed(system: System, schema: str, count: int) -> list[tuple[Any, ...]]:
    """Action and date (P1) or year (P2) of what left of this provider, in the order of the log."""
    grade = {"anonymized": "P1", "nonidentified": "P2"}[schema]
    date = {"anonymized": "event_date", "nonidentified": "event_year"}[schema]
    query = (
        f"select action, record ->> '{date}' from {schema}.event_revisions "
        f"where contributor = (select surrogate from vault.surrogates where kind = 'contributor' and grade = '{grade}' "
        "and subject = %s) order by kafka_offset"
    )
    return system.await_rows(query, PROVIDER, count=count)


def test_a_changed_contract_is_followed_by_running_workers_and_replayed_as_it_was(system: System, tmp_path: Path) -> None:
    file = tmp_path / "arr-c41x.toml"
    file.write_text(NARROWER)
    system.send(PROVIDER, ARRANGEMENT, [event("before")], "before")
    words = ("--id", PROVIDER, "--name", "Corner Pharmacy", "--type", "pharmacy", "--state", "OR", "--licence", "OR:RP-1")
    assert system.run("pso", "provider", "add", *words).returncode == 0
    done = system.run("pso", "arrangement", "activate", str(file), "--by", "staff 17", "--reason", "amendment")
    assert done.returncode == 0, done.stderr
    activated = time.monotonic()
    system.send(PROVIDER, ARRANGEMENT, [event("meanwhile")], "meanwhile")
    assert versions(system, 2) == {("before", 1): 1, ("meanwhile", 1): 1}
    eventually(lambda: time.monotonic() > activated + LEAD / 1000 + 1, LEAD / 1000 + 5, every=1)
    system.send(PROVIDER, ARRANGEMENT, [event("after"), event("before", revision=2, action="correct")], "after")
    found = versions(system, 4)
    assert found == {("before", 1): 1, ("meanwhile", 1): 1, ("after", 1): 2, ("before", 2): 2}

    assert sorted(disclosed(system, "anonymized", 4)) == [
        ("correct", "2024"),
        ("report", "2024"),
        ("report", "2024-05-16"),
        ("report", "2024-05-16"),
    ]
    assert sorted(disclosed(system, "nonidentified", 3), key=str) == [
        ("report", "2024"),
        ("report", "2024"),
        ("withdraw", None),  # the correction of what an earlier version let in takes it back
    ]
    assert replayed(system) == found
    eventually(lambda: system.run("pso", "reconcile", "--grace", "0").returncode == 0, 60, every=0.5)


def replayed(system: System) -> dict[tuple[str, int], int]:
    """What somebody who begins today, with the topics and the file alone, makes of every record."""
    codec, name = Codec(bundled()), NAMESPACE + ARRANGEMENTS_ACTIVATED.name
    imported = parse_arrangements(ARRANGEMENTS.read_text())
    register = ArrangementRegister(imported, KafkaConnection(system.bootstrap), name, codec)
    register.refresh()
    entry = submitted(ARRANGEMENT)
    decided = {}
    for incoming in read_all(system.bootstrap, NAMESPACE + entry.name):
        said = codec.decode(incoming.value, SafetyEvent)
        policy = register.arrangements.in_force(entry, incoming.timestamp)
        decided[said.event_id, said.revision] = policy.policy_version
    return decided
