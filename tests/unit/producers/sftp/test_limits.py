"""What an SFTP client may not do: odd names, links, folders, too much of anything. Each is refused and the server goes on."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from producers.gateway.keys import Scope
from tests.support.sftp_door import GOOD, Door, Person, drop, read, upload

REFUSED = (asyncssh.SFTPPermissionDenied, asyncssh.SFTPNoSuchFile, asyncssh.SFTPFailure, asyncssh.SFTPOpUnsupported)
TRAVERSALS = [
    "../x.part", "../../../../etc/x.part", "/etc/x.part", "a/../../x.part", "a/b.part", "./../x.part", "..", ".part", "..part",
    "done/x.part", ".taken/x.part", "-rf.part", "a b.part", "a\\b.part", "a\nb.part", "a\x00b.part", "é.part",
    "a" * 200 + ".part", "x.ack.jsonl.part", "x.ack.jsonl", "done", "x.jsonl", "x.part.part",
]  # fmt: skip


@pytest.fixture
def door(tmp_path: Path) -> Door:
    return Door(tmp_path)


def everything(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if "ledger" not in path.name}


def test_no_name_leads_out_of_the_folder_or_to_what_is_not_an_upload(door: Door) -> None:
    person = door.person()
    door.drops(person)

    async def scenario() -> None:
        async with door.session(person) as client:
            before = everything(door.folder)
            for name in TRAVERSALS:
                with pytest.raises(REFUSED):
                    await client.open(name, "wb")
            assert everything(door.folder) == before
            await upload(client, "after.jsonl", GOOD)

    door.run(scenario)


@pytest.mark.parametrize("new", ["../x.jsonl", "x.ack.jsonl", "done", "a.part", "done.manifest.json", "/a/b", ".x"])
def test_an_upload_gets_no_name_that_is_never_taken(door: Door, new: str) -> None:
    async def scenario() -> None:
        async with door.session(door.person()) as client:
            async with client.open("x.part", "wb") as out:
                await out.write(GOOD)
            for rename in (client.rename, client.posix_rename):
                with pytest.raises(REFUSED):
                    await rename("x.part", new)
            assert await client.exists("x.part")

    door.run(scenario)


ACTS: dict[str, Callable[[asyncssh.SFTPClient], Awaitable[Any]]] = {
    "symlink": lambda client: client.symlink("x.part", "y.part"),
    "symlink out": lambda client: client.symlink("/etc/passwd", "y.part"),
    "hard link": lambda client: client.link("x.part", "y.part"),
    "readlink": lambda client: client.readlink("x.part"),
    "folder": lambda client: client.mkdir("y.part"),
    "no folder": lambda client: client.rmdir("/"),
    "size of the disk": lambda client: client.statvfs("/"),
    "longer": lambda client: client.truncate("x.part", 1 << 40),
    "read an upload": lambda client: client.open("x.part", "rb"),
    "read and write": lambda client: client.open("x.part", "r+b"),
    "copy on the server": lambda client: client.remote_copy("x.part", "y.part"),
    "look into a folder": lambda client: client.listdir("done"),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_what_is_no_part_of_a_drop_is_refused(door: Door, act: Callable[[asyncssh.SFTPClient], Awaitable[Any]]) -> None:
    person = door.person()

    async def scenario() -> None:
        async with door.session(person) as client:
            async with client.open("x.part", "wb") as out:
                await out.write(GOOD)
            with pytest.raises(REFUSED):
                await act(client)

    door.run(scenario)
    assert everything(door.drops(person)) == {"x.part"}
    assert (door.drops(person) / "x.part").stat().st_size == len(GOOD)


def test_a_link_that_somebody_put_into_the_folder_does_not_exist_for_a_client(door: Door, tmp_path: Path) -> None:
    person = door.person()
    secret = tmp_path / "secret"
    secret.write_bytes(b"kept")
    for name in ("x.part", "x.ack.jsonl", "x.jsonl"):
        (door.drops(person) / name).symlink_to(secret)

    async def scenario() -> None:
        async with door.session(person) as client:
            assert await client.listdir("/") == [".", ".."]
            for path, mode in (("x.part", "wb"), ("x.part", "ab"), ("x.ack.jsonl", "rb")):
                with pytest.raises(REFUSED):
                    await client.open(path, mode)
            with pytest.raises(REFUSED):
                await client.rename("x.part", "y.jsonl")

    door.run(scenario)
    assert secret.read_bytes() == b"kept"


async def refused_write(door: Door, person: Person, size: int) -> None:
    async with door.session(person) as client:
        with pytest.raises(asyncssh.SFTPFailure):  # SFTP 3 has no code that says more
            async with client.open("x.part", "wb") as out:
                await out.write(bytes(size))


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        ({"file_bytes": 100_000}, "SFTPQuotaExceeded"),
        ({"folder_bytes": 100_000}, "SFTPQuotaExceeded"),
        ({"free_bytes": 2**60}, "SFTPNoSpaceOnFilesystem"),
    ],
    ids=["file too large", "folder full", "disk nearly full"],
)
def test_too_much_is_refused_before_it_is_written_and_the_log_says_why(
    tmp_path: Path, limits: dict[str, int], reason: str
) -> None:
    door = Door(tmp_path, **limits)
    person = door.person()
    door.run(lambda: refused_write(door, person, 100_001))
    assert sum(path.stat().st_size for path in door.drops(person).iterdir()) <= 100_000
    assert sum(f'"key": "{person.record.key_id}", "reason": "{reason}"' in line for line in door.log) == 1


def test_what_lies_in_the_folder_counts_for_what_may_still_come(tmp_path: Path) -> None:
    door = Door(tmp_path, folder_bytes=100_000)
    person = door.person()

    async def scenario() -> None:
        async with door.session(person) as client:
            await upload(client, "a.jsonl", bytes(60_000))
        await refused_write(door, person, 60_000)
        async with door.session(person) as client:
            await upload(client, "b.jsonl", bytes(30_000))

    door.run(scenario)


def test_no_session_holds_more_than_sixteen_files_and_listings_open(door: Door) -> None:
    async def scenario() -> None:
        async with door.session(door.person()) as client:
            files = [await client.open(f"{number}.part", "wb") for number in range(16)]
            with pytest.raises(asyncssh.SFTPFailure, match="too many open files"):
                await client.open("17.part", "wb")
            with pytest.raises(asyncssh.SFTPFailure, match="too many open files"):
                await client.listdir("/")
            for file in files:
                await file.close()
            for _ in range(40):
                await client.listdir("/")

    door.run(scenario)


def test_a_provider_has_so_many_connections_and_no_more_and_one_that_ends_makes_room(tmp_path: Path) -> None:
    door = Door(tmp_path, sessions=2)
    person, other = door.person(), door.person("prv-q0z7hh")

    async def scenario() -> None:
        async with door.session(person), door.session(other):
            async with door.session(person):
                with pytest.raises((asyncssh.Error, OSError)):
                    async with door.session(person) as client:
                        await client.listdir("/")
            async with door.session(person) as client:
                assert await client.listdir("/") == [".", ".."]

    door.run(scenario)
    assert any("too_many_sessions" in line for line in door.log)


def test_a_connection_has_one_session_at_a_time(door: Door) -> None:
    async def scenario() -> None:
        async with door.connected(door.person()) as connection:
            for _ in range(3):
                async with connection.start_sftp_client() as client:
                    assert await client.listdir("/") == [".", ".."]
                await client.wait_closed()
            first = await connection.start_sftp_client()
            with pytest.raises((asyncssh.Error, OSError)):
                await (await connection.start_sftp_client()).listdir("/")
            first.exit()

    door.run(scenario)


def test_whoever_asks_for_nothing_is_disconnected(tmp_path: Path) -> None:
    door = Door(tmp_path, idle_seconds=0.2)
    person = door.person()

    async def scenario() -> None:
        async with door.session(person) as client:
            for _ in range(4):
                await asyncio.sleep(0.1)
                await client.listdir("/")
                door.hall.end_the_silent()
            await asyncio.sleep(0.3)
            door.hall.end_the_silent()
            with pytest.raises(asyncssh.SFTPError):
                await client.listdir("/")

    door.run(scenario)
    assert any('"reason": "idle"' in line for line in door.log)


@pytest.mark.parametrize("window", [1 << 21, 1 << 30])
def test_a_client_that_asks_and_never_listens_is_not_answered_into_memory(tmp_path: Path, window: int) -> None:
    """It asks for 400 times 256 KiB; the server keeps what fits into a MiB, and the idle limit ends it."""
    door = Door(tmp_path, idle_seconds=1.0)
    person = door.person()
    (door.drops(person) / "x.ack.jsonl").write_bytes(bytes(262_144))

    async def scenario() -> None:
        async with door.connected(person, window=window) as connection:
            client = await connection.start_sftp_client()
            file = await client.open("x.ack.jsonl", "rb", block_size=0)
            connection._transport.pause_reading()  # type: ignore[union-attr]  # as a client that never looks
            asked = [asyncio.create_task(file.read(262_144, 0)) for _ in range(400)]
            await asyncio.sleep(1.5)
            (served,) = door.hall.connections
            (channel,) = served._connection._channels.values()
            assert 0 < channel.get_write_buffer_size() + served.unsent() < 2 << 20
            door.hall.end_the_silent()
            await asyncio.sleep(0.1)
            assert not door.hall.connections
            for task in asked:
                task.cancel()
            connection.abort()

    door.run(scenario)


def test_whoever_goes_on_asking_for_what_is_refused_is_disconnected(door: Door) -> None:
    async def scenario() -> None:
        async with door.session(door.person()) as client:
            refusals = 0
            with suppress(asyncssh.ConnectionLost, asyncssh.SFTPConnectionLost):
                while True:
                    with suppress(asyncssh.SFTPPermissionDenied):
                        await client.mkdir("inner")
                    refusals += 1
            assert 990 < refusals < 1_010

    door.run(scenario)


def test_a_provider_uploads_no_faster_than_its_rate_and_holds_up_nobody_else(tmp_path: Path) -> None:
    """Ten seconds' worth come at once: of the 12 MiB here, two have to wait two seconds."""
    door = Door(tmp_path, bytes_per_second=float(1 << 20))
    person, other = door.person(), door.person("prv-q0z7hh")

    async def scenario() -> None:
        async with door.session(person) as client, door.session(other) as quick:
            began = time.monotonic()
            slow = asyncio.create_task(upload(client, "x.jsonl", bytes(12 << 20)))
            await upload(quick, "y.jsonl", GOOD)
            assert not slow.done()
            await slow
            assert time.monotonic() - began > 1.5

    door.run(scenario)


@pytest.mark.parametrize(("scope", "drops"), [(Scope.SEND, True), (Scope.FOLLOW, False)])
def test_a_key_does_what_its_scope_says_and_no_more(door: Door, scope: Scope, drops: bool) -> None:
    """A key that only drops cannot read what it dropped; one that only follows cannot drop."""
    everybody, person = door.person(), door.person(scopes=(scope,))

    async def scenario() -> None:
        async with door.session(everybody) as client:
            await drop(client, "first.jsonl")
            door.work()
        async with door.session(person) as client:
            if drops:
                await drop(client, "second.jsonl")
                with pytest.raises(asyncssh.SFTPPermissionDenied):
                    await read(client, "first.jsonl.ack.jsonl")
            else:
                assert await read(client, "first.jsonl.ack.jsonl")
                await client.remove("first.jsonl.ack.jsonl")
                with pytest.raises(asyncssh.SFTPPermissionDenied):
                    await drop(client, "second.jsonl")

    door.run(scenario)
