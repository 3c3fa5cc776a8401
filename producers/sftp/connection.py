"""One connection: who it is by a public key, how long it may be silent, and the one thing that it may open, SFTP."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from asyncssh import (
    DISC_BY_APPLICATION,
    DISC_TOO_MANY_CONNECTIONS,
    SFTPPermissionDenied,
    SFTPServer,
    SSHKey,
    SSHServer,
    SSHServerChannel,
    SSHServerConnection,
)

from producers.clock import Clock, instant_text
from producers.failure import Failure
from producers.gateway.key_register import KeyRegister
from producers.gateway.keys import Caller, KeyRecord, Scope
from producers.gateway.limits import Rates
from producers.sftp.account import Account
from producers.sftp.folders import drop_folder
from producers.sftp.public_keys import digest_of
from producers.sftp.session import DropSession
from producers.sftp.settings import Limits

MOST_CONNECTIONS = 64
_MOST_KEYS = 6
"""That one connection may offer, as OpenSSH's MaxAuthTries."""
_MOST_REFUSALS = 1_000


@dataclass(slots=True)
class Hall:
    """What all connections share. Used by the one thread of the event loop."""

    folder: Path
    limits: Limits
    register: KeyRegister
    clock: Clock
    say: Callable[[str], None]
    connections: "set[Connection]" = field(default_factory=set)
    _accounts: dict[Path, Account] = field(default_factory=dict)
    _rates: Rates = field(init=False)

    def __post_init__(self) -> None:
        self._rates = Rates(self.limits.bytes_per_second, time.monotonic)

    def account(self, caller: Caller) -> Account:
        path = drop_folder(self.folder, caller)
        return self._accounts.setdefault(path, Account(path, self.limits, self._rates))

    def log(self, act: str, key_id: str = "", **values: object) -> None:
        """One line: the id of the key, a code, numbers. Never an address, a name of a file or of a provider."""
        self.say(json.dumps({"time": instant_text(self.clock()), "act": act, "key": key_id, **values}))

    def end_the_silent(self) -> None:
        """Ends every connection on which nothing was asked for too long."""
        for connection in list(self.connections):
            connection.end_if_silent(time.monotonic() - self.limits.idle_seconds)


class Connection(SSHServer):
    """asyncssh makes one for each; what is not allowed here it refuses by itself: passwords, shells, commands, forwarding."""

    def __init__(self, hall: Hall) -> None:
        self._hall = hall
        self._record: KeyRecord | None = None
        self._account: Account | None = None
        self._offered = 0
        self._sessions = 0
        self._refused: set[str] = set()
        self._refusals = 0
        self._last = time.monotonic()

    def connection_made(self, conn: SSHServerConnection) -> None:
        self._connection = conn
        if len(self._hall.connections) >= MOST_CONNECTIONS:
            self._hall.log("refused", reason="too_many_connections")
            conn.abort()
        else:
            self._hall.connections.add(self)

    def connection_lost(self, _exc: Exception | None) -> None:
        self._hall.connections.discard(self)
        if self._account is not None:
            self._account.sessions -= 1
            self._hall.log("left", self._key_id)

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: SSHKey) -> bool:
        """asyncssh asks twice, without and with the signature that it verifies: the last record is that of the signer."""
        self._offered += 1
        if self._offered > 2 * _MOST_KEYS:
            self._hall.log("refused", reason="too_many_keys")
            self._connection.abort()
            return False
        try:
            record = self._hall.register.authorised(digest_of(key.public_data))
        except Failure as failure:
            self._hall.say(str(failure))
            return False
        self._record = record if record is not None and record.caller.provider == username else None
        return self._record is not None

    def auth_completed(self) -> None:
        assert self._record is not None, "no other way in is offered"
        try:
            account = self._hall.account(self._record.caller)
        except OSError as error:
            self._hall.log("refused", self._key_id, reason=f"no folder: {error.strerror}")
            self._connection.abort()
            return
        if account.sessions >= self._hall.limits.sessions:
            self._hall.log("refused", self._key_id, reason="too_many_sessions")
            self._connection.disconnect(DISC_TOO_MANY_CONNECTIONS, "too many sessions")
            return
        account.sessions += 1
        self._account = account
        self._hall.log("entered", self._key_id)

    def opened(self, channel: SSHServerChannel[bytes]) -> SFTPServer:
        """The SFTP session of this connection; it has one, so that what it can make the server hold is bounded."""
        assert self._account is not None, "no channel before that"
        self._sessions += 1
        if self._sessions > 1:
            self._hall.log("refused", self._key_id, reason="second_session")
            self._connection.abort()
        return DropSession(channel, self._account, self)

    def end_if_silent(self, since: float) -> None:
        if self._last < since:
            self._hall.log("refused", self._key_id, reason="idle")
            self._connection.disconnect(DISC_BY_APPLICATION, "nothing was asked for too long")

    def end(self) -> None:
        """The server ends: what was being uploaded stays a `.part`."""
        self._connection.disconnect(DISC_BY_APPLICATION, "the server ends")

    def allow(self, scope: Scope | None = None) -> None:
        """As `session.Holder` says."""
        self._last = time.monotonic()
        assert self._record is not None, "no session before that"
        if self._hall.register.in_force(self._record.key_id) is None:
            self._connection.disconnect(DISC_BY_APPLICATION, "the key is no longer in force")
            raise SFTPPermissionDenied("the key is no longer in force")
        if scope is not None and scope not in self._record.caller.scopes:
            raise SFTPPermissionDenied(f"the key is not for {scope}")

    def dropped(self, octets: int) -> None:
        """As `session.Holder` says."""
        self._hall.log("dropped", self._key_id, bytes=octets)

    def refused(self, code: str) -> None:
        """As `session.Holder` says; each code is told once for a connection, and who goes on asking is disconnected."""
        self._refusals += 1
        if self._refusals > _MOST_REFUSALS:
            self._connection.abort()
        if code not in self._refused:
            self._refused.add(code)
            self._hall.log("refused", self._key_id, reason=code)

    def unsent(self) -> int:
        """As `session.Holder` says. asyncssh has the transport under a private name only; a test holds it."""
        transport = self._connection._transport
        return transport.get_write_buffer_size() if transport else 0

    def closed(self) -> None:
        """As `session.Holder` says."""
        self._sessions -= 1

    @property
    def _key_id(self) -> str:
        return self._record.key_id if self._record else ""
