"""pso-produce as a process against a real Kafka: from a file to the topic, killed at any point and run again."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.dev.processes import free_ports
from deploy.dev.stack import Stack
from producers.failure import ExitCode
from schemas.catalogue import bundled
from schemas.codec import Codec
from schemas.records import SafetyEvent
from schemas.topics import submitted
from tests.support.deadline import eventually
from tests.support.kafka import create_plain_topic, read_all

ROOT = Path(__file__).parents[2]
TOPIC = submitted("arr-7k2q")
CAERS = "report_id,product,symptom,sex\nR1,ALPHA,RASH,Female\nR1,ALPHA,DEATH,Female\nR2,BETA,RASH,Unclear\nR3,B,C,Male\n"


class Provider:
    """A folder with an outbox, and the environment of one arrangement."""

    def __init__(self, stack: Stack, namespace: str, folder: Path) -> None:
        self.bootstrap = stack.bootstrap
        self.wire_name = namespace + TOPIC.name
        self.folder = folder
        self.environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            **stack.environment(),
            "PSO_NAMESPACE": namespace,
            "PSO_PRODUCE_ARRANGEMENT": "arr-7k2q",
            "PSO_PRODUCE_PROVIDER": "prv-8f3k2m",
            "PSO_PRODUCE_SOURCE_SYSTEM": "rl6-main",
        }

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "producers", *words]

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*words),
            cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip

    def start(self, *words: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            self.command(*words), cwd=self.folder, env=self.environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL,
            text=True,
        )  # fmt: skip

    def file(self, name: str, text: str) -> str:
        (self.folder / name).write_text(text)
        return name

    def count(self, state: str) -> int:
        """Events in this state, by a connection that cannot disturb the one under test."""
        path = self.folder / "pso-outbox.sqlite"
        if not path.exists() or path.stat().st_size == 0:
            return 0
        connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        try:
            return int(connection.execute("SELECT count(*) FROM events WHERE state = ?", (state,)).fetchone()[0])
        except sqlite3.OperationalError:  # the tables are not there yet
            return 0
        finally:
            connection.close()

    def sent(self) -> list[SafetyEvent]:
        codec = Codec(bundled())
        return [codec.decode(message.value, SafetyEvent) for message in read_all(self.bootstrap, self.wire_name)]


@pytest.fixture
def provider(stack: Stack, namespace: str, tmp_path: Path) -> Provider:
    made = Provider(stack, namespace, tmp_path)
    create_plain_topic(stack.bootstrap, made.wire_name)
    return made


def event_lines(count: int) -> str:
    event = {"report_type": "incident", "narratives": [{"kind": "description", "text": "The pump was set wrongly. " * 20}]}
    return "".join(json.dumps({"event_id": f"evt-{number}", **event}) + "\n" for number in range(count))


def test_a_csv_becomes_events_on_the_topic_and_its_faults_are_told(provider: Provider) -> None:
    ran = provider.run("send", provider.file("caers.csv", CAERS), "--mapping", "fda-caers", "--json")
    assert ran.returncode == ExitCode.FOUND
    fault, summary = (json.loads(line) for line in ran.stdout.splitlines())
    assert (fault["row"], fault["column"], fault["reason"]) == (4, "sex", "unmapped")
    assert summary == {
        "kind": "summary", "captured": 2, "corrections": 0, "known": 0, "faults": 1, "sent": 2, "waiting": 0, "refused": 0,
    }  # fmt: skip
    assert {event.event_id: event.harm for event in provider.sent()} == {"R1": "death", "R3": "unknown"}


def test_the_same_file_again_sends_nothing(provider: Provider) -> None:
    name = provider.file("events.jsonl", event_lines(700))
    assert provider.run("send", name).stdout.startswith("captured 700, corrections 0, known 0, faults 0, sent 700")
    assert provider.run("send", name).stdout.startswith("captured 0, corrections 0, known 700, faults 0, sent 0")
    assert len(provider.sent()) == 700


def test_a_changed_file_is_refused_or_corrects_what_was_sent(provider: Provider) -> None:
    provider.run("send", provider.file("caers.csv", CAERS), "--mapping", "fda-caers")
    changed = provider.file("caers.csv", CAERS.replace("Unclear", "Male").replace("R3,B,C", "R3,B,D"))
    refused = provider.run("send", changed, "--mapping", "fda-caers")
    assert refused.returncode == ExitCode.FOUND
    assert f"{changed}:5: revision: revision_taken: held under this revision with other content" in refused.stderr
    corrected = provider.run("send", changed, "--mapping", "fda-caers", "--corrections")
    assert corrected.stdout.startswith("captured 0, corrections 1, known 2, faults 0, sent 1")
    newest = max((event for event in provider.sent() if event.event_id == "R3"), key=lambda event: event.revision)
    assert (newest.revision, newest.action) == (2, "correct")
    assert newest.narratives[0].text == "Reported symptoms: D"


def test_receipts_and_status_tell_what_was_sent(provider: Provider) -> None:
    provider.run("send", provider.file("events.jsonl", event_lines(3)))
    receipts = [json.loads(line) for line in provider.run("receipts", "--json").stdout.splitlines()]
    assert [receipt["event_id"] for receipt in receipts] == ["evt-0", "evt-1", "evt-2"]
    assert {receipt["topic"] for receipt in receipts} == {provider.wire_name}
    assert provider.run("status").stdout == "pso-outbox.sqlite: captured 0, sent 3, refused 0\n"


def killed_when(process: "subprocess.Popen[str]", provider: Provider, state: str, least: int) -> None:
    """SIGKILL as soon as this many events are in this state."""
    eventually(lambda: provider.count(state) >= least or process.poll() is not None, every=0.001)
    process.kill()
    process.communicate()


KILLS = [
    ("captured", 1, "while events are captured"),
    ("captured", 8_000, "when most are captured"),
    ("sent", 1, "while events are sent"),
    ("sent", 6_000, "when most are sent"),
]


@pytest.mark.parametrize(("state", "least"), [row[:2] for row in KILLS], ids=[row[2] for row in KILLS])
def test_a_send_that_is_killed_and_run_again_loses_no_event(provider: Provider, state: str, least: int) -> None:
    count = 10_000
    name = provider.file("events.jsonl", event_lines(count))
    process = provider.start("send", name)
    killed_when(process, provider, state, least)
    assert process.returncode == -signal.SIGKILL, "it ended before it could be killed: make the file longer"
    held = provider.count("captured") + provider.count("sent")
    assert held >= least
    flushed = provider.run("flush", "--json")
    assert flushed.returncode == ExitCode.OK
    assert json.loads(flushed.stdout)["waiting"] == 0
    assert len({event.event_id for event in provider.sent()}) == held  # what was captured has arrived
    assert provider.run("send", name).returncode == ExitCode.OK
    assert {event.event_id for event in provider.sent()} == {f"evt-{number}" for number in range(count)}
    assert (provider.count("captured"), provider.count("sent")) == (0, count)


def test_a_flush_that_is_killed_over_and_over_comes_to_an_end(provider: Provider, tmp_path: Path) -> None:
    count = 6_000
    provider.environment["PSO_KAFKA_BOOTSTRAP_SERVERS"] = "127.0.0.1:1"
    away = provider.run("send", provider.file("events.jsonl", event_lines(count)), "--timeout", "1")
    assert away.returncode == ExitCode.UNAVAILABLE
    provider.environment["PSO_KAFKA_BOOTSTRAP_SERVERS"] = provider.bootstrap
    for _ in range(3):
        process = provider.start("flush")
        killed_when(process, provider, "sent", provider.count("sent") + 1)
    assert provider.run("flush").returncode == ExitCode.OK
    assert (provider.count("captured"), provider.count("sent")) == (0, count)
    assert {event.event_id for event in provider.sent()} == {f"evt-{number}" for number in range(count)}


@pytest.fixture
def forever(provider: Provider) -> Iterator[tuple["subprocess.Popen[str]", int]]:
    """A flush that goes on, with metrics."""
    (port,) = free_ports(1)
    process = provider.start("flush", "--every", "0.2", "--metrics-port", str(port))
    yield process, port
    process.kill()
    process.communicate()


def metrics(port: int) -> str:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
            return str(answer.read().decode())
    except OSError:
        return ""


def test_a_flush_that_goes_on_sends_what_others_capture_and_shows_it(
    provider: Provider, forever: tuple["subprocess.Popen[str]", int]
) -> None:
    process, port = forever
    eventually(lambda: 'pso_outbox_events{state="captured"} 0.0' in metrics(port))
    own_broker = provider.environment["PSO_KAFKA_BOOTSTRAP_SERVERS"]
    provider.environment["PSO_KAFKA_BOOTSTRAP_SERVERS"] = "127.0.0.1:1"
    provider.run("send", provider.file("events.jsonl", event_lines(200)), "--timeout", "1")
    provider.environment["PSO_KAFKA_BOOTSTRAP_SERVERS"] = own_broker
    eventually(lambda: 'pso_outbox_events{state="sent"} 200.0' in metrics(port))
    shown = metrics(port)
    assert 'pso_produced_events_total{outcome="delivered"} 200.0' in shown
    assert "prv-8f3k2m" not in shown
    assert "arr-7k2q" not in shown
    process.send_signal(signal.SIGTERM)
    _, talk = process.communicate(timeout=20)
    assert (process.returncode, talk) == (ExitCode.OK, "sent 200, refused 0\n")


BLOCKED = """
import sys

class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"faust", "mode", "aiokafka", "psycopg", "stream_processors", "deploy", "tests"}:
            raise ImportError(f"{name} is not installed at a provider")

sys.meta_path.insert(0, Blocked())
from producers.cli import main
main()
"""


def test_a_provider_sends_without_anything_of_the_psos_side(provider: Provider) -> None:
    name = provider.file("events.jsonl", event_lines(2))
    ran = subprocess.run(
        [sys.executable, "-c", BLOCKED, "send", name],
        cwd=provider.folder, env=provider.environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (ran.returncode, ran.stderr) == (ExitCode.OK, "")
    assert len(provider.sent()) == 2
