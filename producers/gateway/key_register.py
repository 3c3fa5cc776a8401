"""The keys in the ledger: made, listed, replaced and revoked, and looked up with each request."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from producers.clock import Clock, instant_of, instant_text
from producers.failure import ExitCode, Failure
from producers.gateway.keys import Caller, KeyRecord, Scope, digest_of_secret, new_key, parts_of
from producers.gateway.ledger import Ledger

_COLUMNS = "key_id, digest, provider, arrangement, system, scopes, created_at, expires_at, revoked_at"


class KeyRegister:
    """Every change is on disk when its method returns, and counts from the next request on."""

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock

    def new(self, caller: Caller, lasting: timedelta) -> tuple[str, KeyRecord]:
        """Makes a key. The text is nowhere kept: it must be handed over now."""
        now = self._clock()
        key, key_id, secret = new_key()
        record = KeyRecord(key_id, digest_of_secret(secret), caller, now, now + lasting)
        scopes = " ".join(sorted(caller.scopes))
        times = (instant_text(now), instant_text(record.expires_at))
        row = (key_id, record.digest, caller.provider, caller.arrangement, caller.system, scopes, *times)
        with self._ledger.transaction() as connection:
            connection.execute(f"INSERT INTO keys VALUES ({', '.join('?' * len(row))}, NULL)", row)  # noqa: S608
        return key, record

    def all(self) -> list[KeyRecord]:
        """Every key ever made, oldest first."""
        rows = self._ledger.rows(f"SELECT {_COLUMNS} FROM keys ORDER BY created_at, key_id")  # noqa: S608
        return [_record(row) for row in rows]

    def get(self, key_id: str) -> KeyRecord:
        """Raises Failure when there is no such key."""
        found = self._found(key_id)
        if found is None:
            raise Failure("there is no key with this id: `pso-produce gateway keys list` names them", ExitCode.USAGE)
        return found

    def revoke(self, key_id: str, at: datetime) -> None:
        """From then on the key opens nothing; an earlier end stays. Raises Failure when there is no such key."""
        self.get(key_id)
        end = instant_text(at)
        revoke = "UPDATE keys SET revoked_at = ? WHERE key_id = ? AND (revoked_at IS NULL OR revoked_at > ?)"
        with self._ledger.transaction() as connection:
            connection.execute(revoke, (end, key_id, end))

    def opened_by(self, key: str) -> KeyRecord | None:
        """The key's record while it is in force; None for a wrong, an unknown, an ended key alike."""
        parts = parts_of(key)
        found = self._found(parts[0]) if parts else None
        return found if found and parts and found.opens(parts[1], self._clock()) else None

    def in_force(self, key_id: str) -> KeyRecord | None:
        """For a session that the key has opened already."""
        found = self._found(key_id)
        return found if found and found.in_force(self._clock()) else None

    def _found(self, key_id: str) -> KeyRecord | None:
        rows = self._ledger.rows(f"SELECT {_COLUMNS} FROM keys WHERE key_id = ?", key_id)  # noqa: S608
        return _record(rows[0]) if rows else None


def _record(row: Iterable[Any]) -> KeyRecord:
    key_id, digest, provider, arrangement, system, scopes, created, expires, revoked = row
    caller = Caller(provider, arrangement, system, frozenset(Scope(scope) for scope in scopes.split()))
    return KeyRecord(key_id, digest, caller, instant_of(created), instant_of(expires), instant_of(revoked) if revoked else None)
