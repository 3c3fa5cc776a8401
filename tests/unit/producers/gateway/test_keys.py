"""API keys: shown once, kept as a digest, in force from then till then, replaced without a gap."""

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from producers.failure import ExitCode
from producers.gateway.ledger import LEDGER
from tests.support.gateways import bearer, gateway

ROOT = Path(__file__).parents[4]
WHOSE = ("--provider", "prv-8f3k2m", "--arrangement", "arr-7k2q", "--system", "rl6-main")


def produce(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PSO_GATEWAY_DIR": str(folder)}
    command = [sys.executable, "-m", "producers", "gateway", *words]
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60, check=False)


def test_a_key_is_printed_once_and_only_its_digest_is_kept(tmp_path: Path) -> None:
    made = produce(tmp_path, "keys", "new", *WHOSE)
    key = made.stdout.strip()
    secret = key.split("_")[2]
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert secret.encode() not in kept
    listed = produce(tmp_path, "keys", "list")
    assert secret not in listed.stdout
    assert listed.stdout.startswith(f"{key.split('_')[1]}\tprv-8f3k2m\tarr-7k2q\trl6-main\t")
    assert (tmp_path / LEDGER).stat().st_mode & 0o077 == 0


def test_a_replaced_key_ends_after_the_overlap_and_its_successor_opens_the_same(tmp_path: Path) -> None:
    first = json.loads(produce(tmp_path, "keys", "new", *WHOSE, "--scope", "form", "--json").stdout)
    second = json.loads(produce(tmp_path, "keys", "new", "--replaces", first["key_id"], "--overlap-days", "0", "--json").stdout)
    for field in ("provider", "arrangement", "system", "scopes"):
        assert first[field] == second[field]
    old, new = (json.loads(line) for line in produce(tmp_path, "keys", "list", "--json").stdout.splitlines())
    assert (bool(old["revoked_at"]), bool(new["revoked_at"])) == (True, False)


WRONG_USE = [
    (("keys", "new"), "--provider must be", "nobody named"),
    (("keys", "new", *WHOSE[:2], "--arrangement", "a b"), "--arrangement must be", "no name of a topic"),
    (("keys", "new", *WHOSE, "--replaces", "0"), "there is no key with this id", "nothing to replace"),
    (("keys", "revoke", "0"), "there is no key with this id", "nothing to revoke"),
]


@pytest.mark.parametrize(("words", "said"), [row[:2] for row in WRONG_USE], ids=[row[2] for row in WRONG_USE])
def test_wrong_use_is_answered_by_what_is_right(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    ran = produce(tmp_path, *words)
    assert (ran.returncode, ran.stdout) == (ExitCode.USAGE, "")
    assert said in ran.stderr


def test_a_key_opens_nothing_after_its_end_or_revocation(tmp_path: Path) -> None:
    with gateway(tmp_path) as door:
        key, record = door.key(lasting=timedelta(hours=1))
        asked = f"/v1/receipts/rcp_{'0' * 32}"
        assert door.client.get(asked, headers=bearer(key)).status_code == 404
        door.now += timedelta(hours=1)
        assert door.client.get(asked, headers=bearer(key)).status_code == 401
        key, record = door.key()
        door.revoke(record.key_id)
        assert door.client.get(asked, headers=bearer(key)).status_code == 401


def test_a_key_with_the_right_id_and_a_wrong_secret_opens_nothing(tmp_path: Path) -> None:
    with gateway(tmp_path) as door:
        key, _ = door.key()
        wrong = key[:-1] + ("0" if key[-1] != "0" else "1")
        assert door.client.get("/v1/receipts/x", headers=bearer(wrong)).status_code == 401


WITHOUT_THE_EXTRA = """
import sys
sys.modules["starlette"] = sys.modules["uvicorn"] = None
from producers.cli import main
main()
"""


def test_without_the_extra_everything_but_serving_works_and_serving_says_what_to_install(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PSO_GATEWAY_DIR": str(tmp_path)}

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", WITHOUT_THE_EXTRA, *words]
        return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60, check=False)

    assert run("mappings").returncode == ExitCode.OK
    assert run("gateway", "keys", "new", *WHOSE).returncode == ExitCode.OK
    served = run("gateway", "--no-publish")
    assert served.returncode == ExitCode.USAGE
    assert "is not installed: pip install 'pso-stream[gateway]'" in served.stderr


def test_the_gateway_refuses_plain_http_beyond_this_machine(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PSO_GATEWAY_DIR": str(tmp_path)}
    ran = subprocess.run(
        [sys.executable, "-m", "producers", "gateway", "--no-publish"],
        capture_output=True, text=True, env={**environment, "PSO_GATEWAY_HOST": "0.0.0.0"}, timeout=60, check=False,
    )  # fmt: skip
    assert ran.returncode == ExitCode.USAGE
    assert "PSO_GATEWAY_HOST=0.0.0.0 would take events unencrypted" in ran.stderr
