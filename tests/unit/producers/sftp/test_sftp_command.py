"""pso-produce sftp as its operator uses it: keys taken in, replaced and refused, the host key, and the missing extra."""

import json
import os
import subprocess
import sys
from pathlib import Path

import asyncssh
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from producers.failure import ExitCode, Failure
from producers.gateway.keys import Caller
from producers.sftp.folders import SCOPES, refuse_unsafe
from producers.sftp.host_key import host_key, public_line
from producers.sftp.public_keys import read_public_key, shown

ROOT = Path(__file__).parents[4]
WHOSE = ("--provider", "prv-8f3k2m", "--arrangement", "arr-7k2q", "--system", "rl6-main")
WITHOUT_THE_EXTRA = """
import sys
sys.modules["asyncssh"] = None
from producers.cli import main
main()
"""


def produce(folder: Path, *words: str, start: tuple[str, ...] = ("-m", "producers")) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PSO_GATEWAY_DIR": str(folder / "gateway")}
    command = [sys.executable, *start, *words]
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60, check=False)


@pytest.fixture
def public(tmp_path: Path) -> Path:
    path = tmp_path / "id.pub"
    asyncssh.generate_private_key("ssh-ed25519", comment="mercy").write_public_key(path)
    return path


def test_a_key_is_taken_in_without_the_extra_and_replaced_and_serving_says_what_to_install(
    tmp_path: Path, public: Path
) -> None:
    start = ("-c", WITHOUT_THE_EXTRA)
    made = produce(tmp_path, "sftp", "keys", "new", *WHOSE, "--public-key", str(public), "--json", start=start)
    first = json.loads(made.stdout)
    assert first["fingerprint"] == asyncssh.read_public_key(public).get_fingerprint()
    assert first["scopes"] == "events:write receipts:read"
    other = tmp_path / "new.pub"
    asyncssh.generate_private_key("ecdsa-sha2-nistp384").write_public_key(other)
    replaced = ("--replaces", first["key_id"], "--overlap-days", "0")
    assert produce(tmp_path, "sftp", "keys", "new", "--public-key", str(other), *replaced).returncode == ExitCode.OK
    listed = produce(tmp_path, "sftp", "keys", "list", "--json").stdout.splitlines()
    assert [bool(json.loads(line)["revoked_at"]) for line in listed] == [True, False]
    kept = b"".join(path.read_bytes() for path in (tmp_path / "gateway").iterdir())
    assert public.read_bytes().split()[1] not in kept
    served = produce(tmp_path, "sftp", "--no-publish", start=start)
    assert (served.returncode, served.stderr.count("\n")) == (ExitCode.USAGE, 1)
    assert "asyncssh is not installed: pip install 'pso-stream[sftp]'" in served.stderr


@pytest.mark.parametrize(
    ("caller", "said"),
    [
        (("prv-8f3k2m", "arr-7k2q", "../x"), "--system must be"),
        (("prv-8f3k2m", "arr-7k2q", ".taken"), "--system must be"),
        (("prv-8f3k2m", "arr-7k2q", "x" * 101), "--system must be"),
        (("a/b", "arr-7k2q", "rl6-main"), "--provider must be"),
        (("prv-8f3k2m", "..", "rl6-main"), "--arrangement must be"),
    ],
)
def test_whoever_has_no_name_for_a_folder_gets_no_key(caller: tuple[str, str, str], said: str) -> None:
    with pytest.raises(Failure, match=said):
        refuse_unsafe(Caller(*caller, frozenset(SCOPES)))


def test_a_scope_that_no_ssh_key_has_is_refused(tmp_path: Path, public: Path) -> None:
    ran = produce(tmp_path, "sftp", "keys", "new", *WHOSE, "--public-key", str(public), "--scope", "form")
    assert (ran.returncode, ran.stdout) == (ExitCode.USAGE, "")
    assert "'form' is not one of" in ran.stderr


def test_an_ssh_key_does_not_replace_an_api_key_that_opens_the_form(tmp_path: Path, public: Path) -> None:
    made = json.loads(produce(tmp_path, "gateway", "keys", "new", *WHOSE, "--json").stdout)
    ran = produce(tmp_path, "sftp", "keys", "new", "--public-key", str(public), "--replaces", made["key_id"])
    assert (ran.returncode, ran.stdout) == (ExitCode.USAGE, "")
    assert "a key of the same kind" in ran.stderr


RSA = rsa.generate_private_key(65537, 2048).public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
ED25519 = asyncssh.generate_private_key("ssh-ed25519")
NO_KEYS = {
    "nothing": b"",
    "RSA": RSA,
    "the private half": ED25519.export_private_key(),
    "several": ED25519.export_public_key() * 2,
    "cut off": ED25519.export_public_key()[:40],
    "another kind than it says": b"ecdsa-sha2-nistp256 " + ED25519.export_public_key().split()[1],
    "with options in front": b'command="id" ' + ED25519.export_public_key(),
    "bytes": bytes(range(256)),
}


@pytest.mark.parametrize("data", NO_KEYS.values(), ids=NO_KEYS)
def test_what_is_no_modern_public_key_is_refused_and_never_quoted(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "key"
    path.write_bytes(data)
    with pytest.raises(Failure) as failure:
        read_public_key(path)
    assert str(failure.value).startswith(f"{path}: ")
    assert "AAAA" not in str(failure.value)


@pytest.mark.parametrize("kind", ["ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521"])
def test_modern_keys_are_known_by_the_fingerprint_that_ssh_shows(tmp_path: Path, kind: str) -> None:
    private = asyncssh.generate_private_key(kind)
    private.write_public_key(tmp_path / "key.pub")
    assert shown(read_public_key(tmp_path / "key.pub")) == private.get_fingerprint()


def test_the_host_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "host_key"
    made = host_key(path)
    assert host_key(path) == made
    assert path.stat().st_mode & 0o777 == 0o600
    assert public_line(made, path).encode() == asyncssh.import_private_key(made).export_public_key().strip()
    assert [one.name for one in tmp_path.iterdir()] == ["host_key"]


def test_a_host_key_that_others_may_read_or_that_is_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "host_key"
    made = host_key(path)
    path.chmod(0o640)
    with pytest.raises(Failure, match="others may read it"):
        host_key(path)
    for data in (b"", made[: len(made) // 2], asyncssh.generate_private_key("ecdsa-sha2-nistp256").export_private_key()):
        path.write_bytes(data)
        path.chmod(0o600)
        with pytest.raises(Failure, match="no Ed25519 key"):
            host_key(path)
