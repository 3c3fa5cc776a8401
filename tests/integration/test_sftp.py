"""pso-produce sftp as a process before a real Kafka, with a client of its own and that of OpenSSH; killed and started again."""

import asyncio
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, suppress
from pathlib import Path

import asyncssh
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
from tests.support.sftp_door import BAD, GOOD, drop, manifest

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "guides" / "connect-by-sftp.md").read_text()
TOPIC = submitted("arr-7k2q")
WHOSE = ("--provider", "prv-8f3k2m", "--arrangement", "arr-7k2q", "--system", "rl6-main")


class SftpProcess:
    """Its folder, its port, one provider's key, and the process while there is one."""

    def __init__(self, folder: Path, **environ: str) -> None:
        (self.port,) = free_ports(1)
        self.folder = folder
        self.drops = folder / "gateway" / "drops" / "arr-7k2q" / "prv-8f3k2m" / "rl6-main"
        self.ack = self.drops / "events.jsonl.ack.jsonl"
        self.key = asyncssh.generate_private_key("ssh-ed25519")
        self.environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "PSO_GATEWAY_DIR": str(folder / "gateway"),
            "PSO_SFTP_PORT": str(self.port),
            **environ,
        }
        self.key.write_private_key(folder / "drop_key")
        (folder / "drop_key").chmod(0o600)
        self.key.write_public_key(folder / "drop_key.pub")
        self.produce("sftp", "keys", "new", *WHOSE, "--public-key", str(folder / "drop_key.pub"))
        host = self.produce("sftp", "host-key").strip()
        (folder / "drop_known_hosts").write_text(f"[127.0.0.1]:{self.port} {host}\n")
        self._log = folder / "sftp.log"
        self.process: subprocess.Popen[bytes] | None = None

    def produce(self, *words: str) -> str:
        command = [sys.executable, "-m", "producers", *words]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=60, check=True).stdout

    def start(self) -> None:
        """Returns when it listens."""
        told = self.log().count("sftp listens on ") + 1
        with self._log.open("ab") as log:
            command = [sys.executable, "-m", "producers", "sftp", "--every", "0.2"]
            self.process = subprocess.Popen(command, env=self.environment, stderr=log, stdout=log)
        eventually(lambda: self.log().count("sftp listens on ") == told)

    def end(self, number: signal.Signals) -> int:
        """Sends a signal; the exit code."""
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(30)

    def log(self) -> str:
        return self._log.read_text() if self._log.exists() else ""

    def connect(self) -> AbstractAsyncContextManager[asyncssh.SSHClientConnection]:
        known = str(self.folder / "drop_known_hosts")
        return asyncssh.connect(
            "127.0.0.1", self.port, username="prv-8f3k2m", client_keys=[self.key], known_hosts=known, config=None
        )

    def openssh(self, batch: str) -> "subprocess.CompletedProcess[str]":
        """The command of the guide, with a batch."""
        (command,) = re.findall(r"^ {4}(sftp -P .*)$", GUIDE, re.MULTILINE)
        words = command.replace("8022", str(self.port)).replace("sftp.example", "127.0.0.1").split()
        return subprocess.run(
            [words[0], "-b", "-", *words[1:]], input=batch, cwd=self.folder, capture_output=True, text=True, timeout=60,
            check=False,
        )  # fmt: skip


@pytest.fixture
def server(stack: Stack, namespace: str, tmp_path: Path) -> Iterator[SftpProcess]:
    create_plain_topic(stack.bootstrap, namespace + TOPIC.name)
    made = SftpProcess(tmp_path, **stack.environment(), PSO_NAMESPACE=namespace)
    made.start()
    yield made
    made.end(signal.SIGKILL)
    for value in ("Quartermain", "evt-", "events.jsonl", "prv-8f3k2m"):
        assert value not in made.log()


def peak_megabytes(server: SftpProcess) -> float:
    """The most memory that the process ever held."""
    assert server.process is not None
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{server.process.pid}/status").read_text())
    assert found
    return int(found[1]) / 1024


def sent(stack: Stack, namespace: str) -> list[SafetyEvent]:
    codec = Codec(bundled())
    return [codec.decode(message.value, SafetyEvent) for message in read_all(stack.bootstrap, namespace + TOPIC.name)]


def lines(count: int) -> bytes:
    return b"".join(json.dumps({"event_id": f"evt-{n}", "report_type": "incident"}).encode() + b"\n" for n in range(count))


def test_a_drop_arrives_on_the_topic_and_the_server_ends_quietly(server: SftpProcess, stack: Stack, namespace: str) -> None:
    async def scenario() -> None:
        async with server.connect() as connection, connection.start_sftp_client() as client:
            await drop(client)

    asyncio.run(scenario())
    eventually(lambda: len(sent(stack, namespace)) == 1)
    (event,) = sent(stack, namespace)
    assert event.source is not None
    assert (event.event_id, event.provider, event.source.system) == ("evt-1", "prv-8f3k2m", "rl6-main")
    assert server.end(signal.SIGTERM) == ExitCode.OK
    assert "a drop: accepted 1, refused 1" in server.log()


@pytest.mark.skipif(shutil.which("sftp") is None, reason="there is no OpenSSH here")
def test_the_batches_of_the_guide_work_with_the_client_of_openssh(server: SftpProcess) -> None:
    data = GOOD + BAD.rstrip()  # a last line without its end
    (server.folder / "events.jsonl").write_bytes(data)
    (described,) = re.findall(r"^ {4}(printf .*)$", GUIDE, re.MULTILINE)
    subprocess.run(["bash", "-c", described], cwd=server.folder, check=True)
    assert (server.folder / "events.jsonl.manifest.json").read_bytes() == manifest(data)
    uploading, fetching = re.findall(r"```sftp\n(.*?)```", GUIDE, re.DOTALL)
    ran = server.openssh(uploading)
    assert ran.returncode == 0, ran.stderr
    eventually(server.ack.exists)
    assert "events.jsonl.ack.jsonl" in server.openssh("ls -l").stdout
    assert server.openssh(fetching).returncode == 0
    assert json.loads((server.folder / "events.jsonl.ack.jsonl").read_text().splitlines()[-1])["accepted"] == 1
    assert not server.ack.exists()
    (server.folder / "other.jsonl").write_bytes(GOOD * 10)
    (server.drops / "other.jsonl.part").write_bytes(GOOD * 4)
    assert server.openssh("reput other.jsonl other.jsonl.part").returncode == 0
    assert (server.drops / "other.jsonl.part").read_bytes() == GOOD * 10


@pytest.mark.skipif(shutil.which("sftp") is None, reason="there is no OpenSSH here")
@pytest.mark.parametrize(
    ("batch", "said"),
    [
        ("put events.jsonl", "Permission denied"),
        ("put events.jsonl ../events.part", "Permission denied"),
        ("mkdir inner", "Permission denied"),
        ("symlink events.jsonl other.part", "Permission denied"),
        ("get ../../ledger.sqlite", "not found"),
        ("cd done", "No such file"),
        ("put events.jsonl a.part\nrename a.part a.ack.jsonl", "Permission denied"),
        ("put events.jsonl a.part\nrename a.part a.jsonl\nput events.jsonl a.part\nrename a.part a.jsonl", "Failure"),
    ],
)
def test_the_client_of_openssh_says_what_the_guide_says(server: SftpProcess, batch: str, said: str) -> None:
    (server.folder / "events.jsonl").write_bytes(GOOD)
    ran = server.openssh(batch)
    assert ran.returncode != 0
    assert said in ran.stderr


def test_four_sessions_that_write_as_fast_as_they_can_leave_memory_small(server: SftpProcess) -> None:
    """In the largest packets that the protocol has, 4 MiB, and 64 MiB each."""
    data = bytes(4 << 20)

    async def writes(number: int) -> None:
        async with (
            server.connect() as connection,
            connection.start_sftp_client() as client,
            client.open(f"{number}.part", "wb", block_size=len(data)) as out,
        ):
            await asyncio.gather(*(out.write(data, place * len(data)) for place in range(16)))

    async def scenario() -> None:
        await asyncio.gather(*map(writes, range(4)))

    asyncio.run(scenario())
    assert {path.stat().st_size for path in server.drops.glob("*.part")} == {64 << 20}
    assert peak_megabytes(server) < 300


def test_a_server_that_is_killed_while_a_client_uploads_leaves_a_part_and_the_rest_comes_later(
    server: SftpProcess, stack: Stack, namespace: str
) -> None:
    data = lines(2_000)

    async def interrupted() -> None:
        async with server.connect() as connection, connection.start_sftp_client() as client:
            file = await client.open("events.jsonl.part", "wb")
            await file.write(data[: len(data) // 2])
            server.end(signal.SIGKILL)
            with pytest.raises((asyncssh.Error, OSError)):
                await file.write(data[len(data) // 2 :])

    async def resumed() -> None:
        async with server.connect() as connection, connection.start_sftp_client() as client:
            async with client.open("events.jsonl.part", "ab") as file:
                await file.write(data[len(data) // 2 :])
            await client.rename("events.jsonl.part", "events.jsonl")
            await drop(client, "other.jsonl", data)
            async with client.open("events.jsonl.manifest.json.part", "wb") as file:
                await file.write(manifest(data))
            await client.rename("events.jsonl.manifest.json.part", "events.jsonl.manifest.json")

    with suppress(asyncssh.Error, OSError):
        asyncio.run(interrupted())
    assert [path.name for path in server.drops.iterdir() if path.is_file()] == ["events.jsonl.part"]
    server.start()
    asyncio.run(resumed())
    eventually(lambda: len(sent(stack, namespace)) == 2_000)
    assert {path.name for path in server.drops.iterdir() if path.is_file()} == {
        "events.jsonl.ack.jsonl", "other.jsonl.ack.jsonl",
    }  # fmt: skip


def test_a_server_that_is_killed_while_it_reads_answers_every_row_after_its_restart(
    server: SftpProcess, stack: Stack, namespace: str
) -> None:
    data = lines(20_000)

    async def scenario() -> None:
        async with server.connect() as connection, connection.start_sftp_client() as client:
            await drop(client, data=data)
            eventually(server.ack.with_name("events.jsonl.ack.jsonl.part").exists, every=0.001)
            server.end(signal.SIGKILL)

    with suppress(asyncssh.Error, OSError):
        asyncio.run(scenario())
    assert not server.ack.exists(), "it ended before it could be killed: make the file longer"
    server.start()
    eventually(server.ack.exists, 60)
    *rows, summary = (json.loads(line) for line in server.ack.read_text().splitlines())
    assert [row["row"] for row in rows] == list(range(1, 20_001))
    assert summary["accepted"] == 20_000
    eventually(lambda: {event.event_id for event in sent(stack, namespace)} == {f"evt-{n}" for n in range(20_000)}, 60, 1.0)
