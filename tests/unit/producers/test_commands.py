"""pso-produce as its users see it, as far as no broker is needed: output, exit codes, no value on any stream."""

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from producers.failure import ExitCode

ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "PSO_PROFILE": "dev",
    "PSO_KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1",
    "PSO_KAFKA_SECURITY_PROTOCOL": "PLAINTEXT",
    "PSO_PRODUCE_ARRANGEMENT": "arr-7k2q",
    "PSO_PRODUCE_PROVIDER": "prv-8f3k2m",
    "PSO_PRODUCE_SOURCE_SYSTEM": "caers",
}
GOOD = b'{"event_id": "evt-1", "report_type": "incident"}\n'
BAD = b'{"event_id": "evt-2", "report_type": "incident", "harm": "Zebulon Quartermain"}\n'
CAERS = b"report_id,product,symptom,sex\nR1,ALPHA,RASH,Female\nR1,ALPHA,DEATH,Female\nR2,BETA,RASH,Unclear\n"


def produce(folder: Path, *words: str, data: bytes = b"", **environ: str) -> subprocess.CompletedProcess[str]:
    """Runs the command in a folder of its own, standard input given as bytes."""
    ran = subprocess.run(
        [sys.executable, "-m", "producers", *words],
        input=data, capture_output=True, cwd=folder, env={**ENVIRONMENT, "PYTHONPATH": str(ROOT), **environ}, timeout=60,
        check=False,
    )  # fmt: skip
    text = subprocess.CompletedProcess(ran.args, ran.returncode, ran.stdout.decode(), ran.stderr.decode())
    assert "Quartermain" not in text.stdout + text.stderr
    assert "Traceback" not in text.stderr
    return text


ROOT = Path(__file__).parents[3]


def test_check_names_each_fault_on_stdout_and_talks_on_stderr(tmp_path: Path) -> None:
    ran = produce(tmp_path, "check", "-", "--format", "jsonl", data=GOOD + BAD)
    assert ran.returncode == ExitCode.FOUND
    assert ran.stdout == ("-:2: harm: not_allowed: one of death, severe, moderate, mild, none, unknown, not_applicable\n")
    assert ran.stderr == "-: 1 events, 1 faults\n"
    assert list(tmp_path.iterdir()) == []


def test_check_of_a_good_file_is_silent_on_stdout(tmp_path: Path) -> None:
    (tmp_path / "events.jsonl").write_bytes(GOOD)
    ran = produce(tmp_path, "check", "events.jsonl")
    assert (ran.returncode, ran.stdout, ran.stderr) == (ExitCode.OK, "", "events.jsonl: 1 events, 0 faults\n")


def test_check_speaks_json_lines(tmp_path: Path) -> None:
    ran = produce(tmp_path, "check", "-", "--format", "jsonl", "--json", data=GOOD + BAD)
    fault, summary = (json.loads(line) for line in ran.stdout.splitlines())
    assert (fault["kind"], fault["row"], fault["column"], fault["reason"]) == ("fault", 2, "harm", "not_allowed")
    assert summary == {"kind": "summary", "file": "-", "events": 1, "faults": 1}
    assert ran.stderr == ""


def test_a_compressed_csv_is_read_through_a_shipped_mapping(tmp_path: Path) -> None:
    (tmp_path / "caers.csv.gz").write_bytes(gzip.compress(CAERS))
    ran = produce(tmp_path, "check", "caers.csv.gz", "--mapping", "fda-caers")
    assert ran.stdout == "caers.csv.gz:4: sex: unmapped: the mapping's `values` do not name this value\n"


def test_an_event_too_large_for_the_topic_is_found_by_check(tmp_path: Path) -> None:
    # Every line and field is within its bounds; only the whole is not.
    text = [{"kind": "description", "text": "é" * 90_000}] * 6
    line = json.dumps({"report_type": "incident", "narratives": text}, ensure_ascii=True).encode()
    compact = json.dumps({"report_type": "incident", "narratives": text[:5]}, ensure_ascii=False).encode()
    assert "too_long" in produce(tmp_path, "check", "-", "--format", "jsonl", data=line).stdout
    assert produce(tmp_path, "check", "-", "--format", "jsonl", data=compact).returncode == ExitCode.OK
    csv = "words\n" + "é" * 90_000 + "\n"
    fields = "\n".join(f'[[field]]\nto = "narratives[{n}].text"\ncolumn = "words"' for n in range(6))
    kinds = "\n".join(f'"narratives[{n}].kind" = "description"' for n in range(6))
    (tmp_path / "m.toml").write_text(f'name = "m"\nversion = 1\n[constants]\nreport_type = "incident"\n{kinds}\n{fields}\n')
    ran = produce(tmp_path, "check", "-", "--format", "csv", "--mapping", "m.toml", data=csv.encode())
    assert "too_large: the event takes more than 1040384 bytes" in ran.stdout


WRONG_USE = [
    (("check", "no-such.jsonl"), ExitCode.FAILED, "no-such.jsonl: No such file", "a file that is not there"),
    (("check", "."), ExitCode.USAGE, "--format is needed", "a directory"),
    (("check", ".", "--format", "jsonl"), ExitCode.FAILED, "Is a directory", "a directory with a format"),
    (("check", "x.csv"), ExitCode.USAGE, "a CSV needs --mapping", "no mapping"),
    (("check", "x.jsonl", "--mapping", "fda-caers"), ExitCode.USAGE, "--mapping is for CSV", "a mapping too many"),
    (("check", "x.csv", "--mapping", "nope"), ExitCode.USAGE, "neither a file nor a shipped mapping", "no such mapping"),
    (("check",), ExitCode.USAGE, "Missing argument 'FILE...'", "no file"),
    (("nope",), ExitCode.USAGE, "No such command", "no such command"),
    (("status",), ExitCode.FAILED, "there is no outbox pso-outbox.sqlite", "nothing sent yet"),
    (("flush", "--every", "0"), ExitCode.USAGE, "0 is not in the range", "no pause at all"),
]


@pytest.mark.parametrize(("words", "code", "told"), [row[:3] for row in WRONG_USE], ids=[row[3] for row in WRONG_USE])
def test_wrong_use_is_answered_by_what_is_right(tmp_path: Path, words: tuple[str, ...], code: ExitCode, told: str) -> None:
    ran = produce(tmp_path, *words)
    assert (ran.returncode, ran.stdout) == (code, "")
    assert told in ran.stderr


def test_missing_settings_are_told_all_at_once(tmp_path: Path) -> None:
    ran = produce(tmp_path, "check", "-", "--format", "jsonl", PSO_PRODUCE_PROVIDER="", PSO_PRODUCE_SOURCE_SYSTEM="")
    assert ran.returncode == ExitCode.USAGE
    assert [line.split()[1] for line in ran.stderr.splitlines()] == ["PSO_PRODUCE_PROVIDER", "PSO_PRODUCE_SOURCE_SYSTEM"]


def test_without_a_broker_events_are_captured_and_wait(tmp_path: Path) -> None:
    (tmp_path / "events.jsonl").write_bytes(GOOD + BAD)
    ran = produce(tmp_path, "send", "events.jsonl", "--timeout", "1")
    assert ran.returncode == ExitCode.UNAVAILABLE
    assert ran.stdout == "captured 1, corrections 0, known 0, faults 1, waiting 1, refused 0\n"
    assert "events.jsonl:2: harm: not_allowed" in ran.stderr
    assert "no answer from 127.0.0.1:1: check PSO_KAFKA_BOOTSTRAP_SERVERS" in ran.stderr
    shown = json.loads(produce(tmp_path, "status", "--json").stdout)
    assert (shown["captured"], shown["sent"], shown["refusals"]) == (1, 0, {})
    assert 0 < shown["oldest_seconds"] < 60


def test_an_outbox_bound_to_another_arrangement_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_bytes(b"")
    assert produce(tmp_path, "send", "empty.jsonl").returncode == ExitCode.OK
    ran = produce(tmp_path, "send", "empty.jsonl", PSO_PRODUCE_ARRANGEMENT="arr-other")
    assert (ran.returncode, ran.stdout) == (ExitCode.REFUSED, "")
    assert "name another file in PSO_PRODUCE_OUTBOX" in ran.stderr


def test_the_shipped_mappings_are_listed(tmp_path: Path) -> None:
    ran = produce(tmp_path, "mappings", "--json")
    names = [json.loads(line)["name"] for line in ran.stdout.splitlines()]
    assert names == sorted(names)
    assert {"cfer-h-1-2", "example-vendor", "fda-caers", "fhir-adverse-event"} <= {*names}


COMMANDS = ["", "send", "check", "quality", "flush", "status", "receipts", "mappings", "map"]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(tmp_path: Path, command: str) -> None:
    ran = produce(tmp_path, *command.split(), "--help")
    assert ran.returncode == ExitCode.OK
    assert "Usage: pso-produce" in ran.stdout
