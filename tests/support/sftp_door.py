"""An SFTP server in the test's own event loop, on real files and loopback, with a key for whoever is needed."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import asyncssh

from producers.commands.sftp import reading_of
from producers.drops import Dropped
from producers.gateway.key_register import KeyRegister
from producers.gateway.keys import Caller, KeyRecord, Scope
from producers.gateway.ledger import LEDGER, Ledger, outbox_path
from producers.outbox import Outbox
from producers.sftp.connection import Hall
from producers.sftp.folders import SCOPES, drop_folder
from producers.sftp.host_key import host_key
from producers.sftp.public_keys import digest_of
from producers.sftp.serving import bound
from producers.sftp.settings import Limits
from producers.sftp.working import Working

PROVIDER, ARRANGEMENT = "prv-8f3k2m", "arr-7k2q"
OTHER_PROVIDER = "prv-q0z7hh"
GENEROUS = Limits(1 << 30, 1 << 32, 2.0**40, 4, 300.0, 0)
GOOD = b'{"event_id": "evt-1", "report_type": "incident"}\n'
BAD = b'{"event_id": "evt-2", "report_type": "incident", "harm": "Quartermain"}\n'


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a key, and the record of it."""

    private: asyncssh.SSHKey
    record: KeyRecord

    @property
    def user(self) -> str:
        return self.record.caller.provider


class Door:
    """What a test does with it."""

    def __init__(self, folder: Path, **limits: Any) -> None:
        self.now = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
        self.folder = folder
        self.log: list[str] = []
        self.ledger = Ledger(folder / LEDGER)
        self.register = KeyRegister(self.ledger, lambda: self.now)
        self.hall = Hall(folder, replace(GENEROUS, **limits), self.register, lambda: self.now, self.log.append)
        self.port = 0
        self._dropped: list[Dropped] = []
        self._working = Working(folder, "", partial(reading_of, folder), self._dropped.append, self.log.append)

    def person(self, provider: str = PROVIDER, system: str = "rl6-main", scopes: tuple[Scope, ...] = SCOPES) -> Person:
        private = asyncssh.generate_private_key("ssh-ed25519")
        caller = Caller(provider, ARRANGEMENT, system, frozenset(scopes))
        return Person(private, self.register.authorise(caller, digest_of(private.public_data), timedelta(days=1)))

    def drops(self, person: Person) -> Path:
        """Where the files of this person lie."""
        return drop_folder(self.folder, person.record.caller)

    def work(self) -> list[Dropped]:
        """One pass over the folders; what became of the drops."""
        self._dropped.clear()
        self._working.once(lambda: self.now)
        return list(self._dropped)

    def outbox(self) -> Outbox:
        return Outbox(outbox_path(self.folder, ARRANGEMENT), lambda: self.now)

    @asynccontextmanager
    async def connected(self, person: Person, **options: Any) -> AsyncIterator[asyncssh.SSHClientConnection]:
        given = {"username": person.user, "client_keys": [person.private], **options}
        async with asyncssh.connect("127.0.0.1", self.port, known_hosts=None, config=None, **given) as connection:
            yield connection

    @asynccontextmanager
    async def session(self, person: Person, **options: Any) -> AsyncIterator[asyncssh.SFTPClient]:
        async with self.connected(person, **options) as connection, connection.start_sftp_client() as client:
            yield client

    def run(self, scenario: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Plays a scenario against the listening server."""

        async def played() -> None:
            acceptor = await bound(self.hall, host_key(self.folder / "host_key"), "127.0.0.1", 0)
            self.port = acceptor.get_port()
            try:
                await asyncio.wait_for(scenario(), 60)
            finally:
                acceptor.close()

        asyncio.run(played())


def manifest(data: bytes) -> bytes:
    """What a sender says of these bytes."""
    lines = data.count(b"\n") + (not data.endswith(b"\n"))
    return json.dumps({"sha256": hashlib.sha256(data).hexdigest(), "lines": lines}).encode()


async def upload(client: asyncssh.SFTPClient, name: str, data: bytes) -> None:
    """Under another name, then renamed."""
    async with client.open(f"{name}.part", "wb") as out:
        await out.write(data)
    await client.rename(f"{name}.part", name)


async def drop(client: asyncssh.SFTPClient, name: str = "events.jsonl", data: bytes = GOOD + BAD) -> None:
    """A file and its manifest."""
    await upload(client, name, data)
    await upload(client, f"{name}.manifest.json", manifest(data))


async def read(client: asyncssh.SFTPClient, name: str = "events.jsonl.ack.jsonl") -> list[dict[str, Any]]:
    """The lines of an ack."""
    async with client.open(name, "rb") as file:
        return [json.loads(line) for line in (await file.read()).splitlines()]
