"""The PSES against a real Kafka: reported is what the broker has, and what it may have is never removed."""

import json
import signal
from pathlib import Path

import pytest

from deploy.dev.stack import Stack
from producers.failure import ExitCode
from tests.integration.test_pso_produce import Provider, event_lines, killed_when
from tests.support.kafka import create_plain_topic

REMOVAL = ("--actor", "quality office", "--reason", "entered by mistake")


@pytest.fixture
def provider(stack: Stack, namespace: str, tmp_path: Path) -> Provider:
    made = Provider(stack, namespace, tmp_path)
    create_plain_topic(stack.bootstrap, made.wire_name)
    return made


def on_topic(provider: Provider) -> set[str]:
    return {event.event_id for event in provider.sent()}


def test_only_what_is_reported_reaches_the_topic_and_what_was_removed_never_does(provider: Provider) -> None:
    name = provider.file("events.jsonl", event_lines(4))
    assert provider.run("enter", name).returncode == ExitCode.OK
    assert provider.run("flush").returncode == ExitCode.OK
    assert on_topic(provider) == set()
    assert provider.run("remove", "evt-0", *REMOVAL).returncode == ExitCode.OK
    reported = provider.run("report", "evt-1", "--json")
    assert json.loads(reported.stdout) == {"kind": "summary", "queued": 1, "sent": 1, "waiting": 0, "refused": 0}
    assert on_topic(provider) == {"evt-1"}
    refused = provider.run("remove", "evt-1", *REMOVAL)
    assert refused.returncode == ExitCode.REFUSED
    assert "42 CFR 3.20, patient safety work product (2)(ii)(A)" in refused.stderr
    provider.file("items", "evt-2\n")
    assert provider.run("functional-report", "--clause", "4.2", "--items", "items").returncode == ExitCode.OK
    assert provider.run("report", "--all").stdout == "queued 1, sent 1, waiting 0, refused 0\n"
    assert provider.run("send", name).stdout.startswith("captured 0, corrections 0, known 4, faults 0, sent 0")
    assert on_topic(provider) == {"evt-1", "evt-3"}


def test_the_register_holds_the_receipts_of_the_broker(provider: Provider) -> None:
    provider.run("send", provider.file("events.jsonl", event_lines(3)))
    receipts = [json.loads(line) for line in provider.run("receipts", "--json").stdout.splitlines()]
    lines = [json.loads(line)["entry"] for line in provider.run("register", "export").stdout.splitlines()]
    place = ("topic", "partition", "offset", "timestamp")
    reports = {entry["event"]: [entry[name] for name in place] for entry in lines if entry["act"] == "report"}
    assert reports == {receipt["event_id"]: [receipt[name] for name in place] for receipt in receipts}
    assert [entry["act"] for entry in lines] == ["enter"] * 3 + ["report"] * 3


def test_killed_while_sending_no_event_that_the_broker_has_can_be_removed(provider: Provider) -> None:
    count = 6_000
    name = provider.file("events.jsonl", event_lines(count))
    process = provider.start("send", name)
    killed_when(process, provider, "sent", 1)
    assert process.returncode == -signal.SIGKILL, "it ended before it could be killed: make the file longer"
    taken = on_topic(provider)
    in_doubt = taken - {json.loads(line)["event_id"] for line in provider.run("receipts", "--json").stdout.splitlines()}
    for event in (*sorted(in_doubt)[:3], *sorted(taken - in_doubt)[:3]):
        ran = provider.run("remove", event, *REMOVAL)
        assert ran.returncode == ExitCode.REFUSED
        assert "(2)(ii)(A)" in ran.stderr
    assert provider.run("register", "check").returncode == ExitCode.OK
    assert provider.run("flush").returncode == ExitCode.OK
    assert provider.run("send", name).returncode == ExitCode.OK
    shown = json.loads(provider.run("status", "--json").stdout)
    assert shown["pses"] == {"in_pses": 0, "offered": 0, "reported": count, "functionally_reported": 0, "removed": 0}
    assert shown["register"]["entries"] == 2 * count
    assert provider.run("register", "check").returncode == ExitCode.OK
