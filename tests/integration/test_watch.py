"""pso-produce watch as a process against a real Kafka: killed while it reads, started again, every row answered and sent."""

import hashlib
import json
import signal
from pathlib import Path

import pytest

from deploy.dev.stack import Stack
from producers.failure import ExitCode
from tests.integration.test_pso_produce import TOPIC, Provider, event_lines, killed_when
from tests.support.deadline import eventually
from tests.support.kafka import create_plain_topic

COUNT = 10_000


@pytest.fixture
def provider(stack: Stack, namespace: str, tmp_path: Path) -> Provider:
    made = Provider(stack, namespace, tmp_path)
    create_plain_topic(stack.bootstrap, namespace + TOPIC.name)
    (tmp_path / "drop").mkdir()
    return made


def drop(folder: Path, name: str, text: str) -> None:
    """As a sender does it: under another name, then renamed, the manifest last."""
    said = json.dumps({"sha256": hashlib.sha256(text.encode()).hexdigest(), "lines": text.count("\n")})
    for part, content in ((name, text), (f"{name}.manifest.json", said)):
        (folder / f"{part}.part").write_text(content)
        (folder / f"{part}.part").rename(folder / part)


def test_a_watch_that_is_killed_while_it_reads_answers_every_row_after_its_restart(provider: Provider) -> None:
    folder = provider.folder / "drop"
    drop(folder, "events.jsonl", event_lines(COUNT))
    process = provider.start("watch", "drop", "--every", "0.2")
    killed_when(process, provider, "captured", 1_000)
    assert process.returncode == -signal.SIGKILL
    assert not (folder / "events.jsonl.ack.jsonl").exists(), "it ended before it could be killed: make the file longer"
    process = provider.start("watch", "drop", "--every", "0.2")
    eventually(lambda: provider.count("sent") == COUNT, 60)
    process.send_signal(signal.SIGTERM)
    _, talk = process.communicate(timeout=20)
    assert (process.returncode, talk) == (ExitCode.OK, f"a drop: accepted {COUNT}, refused 0\n")
    *rows, summary = (json.loads(line) for line in (folder / "events.jsonl.ack.jsonl").read_text().splitlines())
    assert [row["row"] for row in rows] == list(range(1, COUNT + 1))
    assert {row["outcome"] for row in rows} == {"accepted"}
    assert summary["accepted"] == COUNT
    assert {event.event_id for event in provider.sent()} == {f"evt-{number}" for number in range(COUNT)}


def test_once_tells_by_its_exit_code_that_rows_were_refused(provider: Provider) -> None:
    folder = provider.folder / "drop"
    drop(folder, "events.jsonl", event_lines(2) + '{"report_type": "Quartermain"}\n')
    ran = provider.run("watch", "drop", "--once", "--json")
    assert ran.returncode == ExitCode.FOUND
    assert json.loads(ran.stdout) == {"kind": "drop", "reason": "", "accepted": 2, "refused": 1}
    assert len(provider.sent()) == 2
    assert provider.run("watch", "drop", "--once").returncode == ExitCode.OK
