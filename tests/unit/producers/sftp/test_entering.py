"""Who gets in, and what an SSH connection here is not: no password, no shell, no command, no forwarding, no old algorithm."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from producers.failure import Failure
from producers.gateway.keys import Caller
from producers.sftp.connection import MOST_CONNECTIONS
from producers.sftp.folders import SCOPES
from producers.sftp.public_keys import digest_of
from tests.support.sftp_door import OTHER_PROVIDER, PROVIDER, Door, Person

CLOSED = (asyncssh.Error, OSError)


@pytest.fixture
def door(tmp_path: Path) -> Door:
    return Door(tmp_path)


async def enters(door: Door, person: Person, **options: Any) -> bool:
    try:
        async with door.session(person, **options) as client:
            return await client.listdir("/") == [".", ".."]
    except CLOSED:
        return False


def test_a_key_opens_the_account_of_its_provider_and_no_other(door: Door) -> None:
    one, other = door.person(), door.person(OTHER_PROVIDER)

    async def scenario() -> None:
        assert await enters(door, one)
        assert not await enters(door, one, username=OTHER_PROVIDER)
        assert not await enters(door, one, username="root")
        assert not await enters(door, one, client_keys=[asyncssh.generate_private_key("ssh-ed25519")])
        assert await enters(door, other)

    door.run(scenario)
    assert not (door.folder / "drops" / "arr-7k2q" / "root").exists()


def test_a_password_is_not_asked_for(door: Door) -> None:
    async def scenario() -> None:
        assert not await enters(door, door.person(), client_keys=None, password="letmein", preferred_auth="password")
        assert not await enters(door, door.person(), client_keys=None, preferred_auth="keyboard-interactive")
        assert not await enters(door, door.person(), client_keys=None, preferred_auth="none")

    door.run(scenario)


def test_a_key_opens_nothing_after_its_end_or_revocation_and_open_sessions_end_with_it(door: Door) -> None:
    person, replaced = door.person(), door.person()

    async def scenario() -> None:
        async with door.session(replaced) as client:
            door.register.revoke(replaced.record.key_id, door.now)
            with pytest.raises(CLOSED):
                await client.open("x.part", "wb")
        assert not await enters(door, replaced)
        assert await enters(door, person)
        door.now += timedelta(days=1)
        assert not await enters(door, person)

    door.run(scenario)


def test_a_server_that_cannot_look_up_keys_refuses_and_says_nothing_of_its_files(door: Door) -> None:
    person = door.person()

    async def scenario() -> None:
        async with door.session(person) as client:
            door.ledger.close()
            with pytest.raises(asyncssh.SFTPFailure) as failure:
                await client.open("x.part", "wb")
            assert failure.value.reason == "the server cannot do this now: try again later"
        assert not await enters(door, person)

    door.run(scenario)
    assert sum('"reason": "Failure"' in line for line in door.log) == 1


def test_one_public_key_opens_one_folder(door: Door) -> None:
    person = door.person()
    digest = digest_of(person.private.public_data)
    with pytest.raises(Failure, match="in force already"):
        door.register.authorise(Caller(PROVIDER, "arr-c41x", "rl6-main", frozenset(SCOPES)), digest, timedelta(days=1))
    door.register.revoke(person.record.key_id, door.now)
    door.register.authorise(Caller(PROVIDER, "arr-c41x", "rl6-main", frozenset(SCOPES)), digest, timedelta(days=1))


def test_whoever_offers_many_keys_is_disconnected(door: Door) -> None:
    person = door.person()
    wrong = [asyncssh.generate_private_key("ssh-ed25519") for _ in range(20)]

    async def scenario() -> None:
        assert not await enters(door, person, client_keys=[*wrong, person.private])
        assert await enters(door, person, client_keys=[*wrong[:5], person.private])

    door.run(scenario)
    assert any("too_many_keys" in line for line in door.log)


BESIDE: dict[str, Callable[[asyncssh.SSHClientConnection], Awaitable[Any]]] = {
    "shell": lambda connection: connection.run(),
    "command": lambda connection: connection.run("id", check=True),
    "scp": lambda connection: connection.run("scp -t /", check=True),
    "terminal": lambda connection: connection.run("id", term_type="xterm"),
    "another subsystem": lambda connection: connection.create_process(subsystem="netconf"),
    "forwarding from here": lambda connection: connection.open_connection("127.0.0.1", 22),
    "forwarding to there": lambda connection: connection.start_server(lambda *_: None, "127.0.0.1", 0),
    "forwarding of a socket": lambda connection: connection.open_unix_connection("/run/x.sock"),
    "tunnel": lambda connection: connection.create_tun(asyncssh.SSHTunTapSession, 0),
}


@pytest.mark.parametrize("act", BESIDE.values(), ids=BESIDE)
def test_a_connection_can_be_used_for_sftp_alone(
    door: Door, act: Callable[[asyncssh.SSHClientConnection], Awaitable[Any]]
) -> None:
    async def scenario() -> None:
        async with door.connected(door.person()) as connection:
            with pytest.raises((asyncssh.ChannelOpenError, asyncssh.ChannelListenError, asyncssh.ProcessError)):
                await asyncio.wait_for(act(connection), 10)

    door.run(scenario)


@pytest.mark.parametrize(
    "old",
    [
        {"kex_algs": ["diffie-hellman-group14-sha1"]},
        {"kex_algs": ["diffie-hellman-group1-sha1"]},
        {"encryption_algs": ["aes128-cbc", "3des-cbc"]},
        {"encryption_algs": ["aes128-ctr"], "mac_algs": ["hmac-sha1", "hmac-md5"]},
        {"server_host_key_algs": ["ssh-rsa"]},
    ],
    ids=str,
)
def test_old_algorithms_are_not_spoken(door: Door, old: dict[str, Any]) -> None:
    async def scenario() -> None:
        with pytest.raises(asyncssh.KeyExchangeFailed):
            async with door.connected(door.person(), **old):
                pass

    door.run(scenario)


def test_a_crowd_before_the_door_is_turned_away_and_makes_room_when_it_goes(door: Door) -> None:
    person = door.person()

    async def scenario() -> None:
        crowd = [await asyncio.open_connection("127.0.0.1", door.port) for _ in range(MOST_CONNECTIONS)]
        for reader, _ in crowd:
            assert await reader.readline() == b"SSH-2.0-pso-stream\r\n"
        assert not await enters(door, person)
        for _, writer in crowd:
            writer.close()
        while door.hall.connections:
            await asyncio.sleep(0.01)
        assert await enters(door, person)

    door.run(scenario)


def test_whoever_does_not_log_in_is_cut_off(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("producers.sftp.serving._LOGIN_SECONDS", 0.3)

    async def scenario() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
        writer.write(b"SSH-2.0-slow\r\n")
        await asyncio.wait_for(reader.read(), 10)
        writer.close()
        assert not door.hall.connections

    door.run(scenario)


def test_what_is_no_ssh_is_cut_off(door: Door) -> None:
    async def scenario() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
        writer.write(b"GET / HTTP/1.1\r\n" * 1000 + bytes(100_000))
        assert b"pso-stream" in await asyncio.wait_for(reader.read(), 10)
        writer.close()
        assert await enters(door, door.person())

    door.run(scenario)
