"""API keys: who may do what for which provider. A key is shown once; only its digest is kept.

The secret is 256 random bits, so there is no dictionary to try and SHA-256 is enough; scrypt, which protects words that
people choose, would cost every request tens of milliseconds of processor and hand a flood of wrong keys the whole machine.
"""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from producers.readers.outcome import Origin

_KEY = re.compile(r"psok_([0-9a-f]{12})_([0-9a-f]{64})")


class Scope(StrEnum):
    """What a key may be used for."""

    SEND = "events:write"
    FOLLOW = "receipts:read"
    FORM = "form"


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose data a key opens, and what may be done with them. `system` goes into the events that it sends."""

    provider: str
    arrangement: str
    system: str
    scopes: frozenset[Scope]

    @property
    def origin(self) -> Origin:
        return Origin(self.provider, self.system)


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """What is kept of a key. Times are instants in UTC."""

    key_id: str
    digest: bytes
    caller: Caller
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None

    def opens(self, secret: str, now: datetime) -> bool:
        """True for the right secret of a key in force; the comparison takes the same time for every wrong one."""
        right = hmac.compare_digest(self.digest, digest_of_secret(secret))
        return right and self.in_force(now)

    def in_force(self, now: datetime) -> bool:
        return now < self.expires_at and (self.revoked_at is None or now < self.revoked_at)


def new_key() -> tuple[str, str, str]:
    """The key as its user gets it, its id, and its secret."""
    key_id, secret = secrets.token_hex(6), secrets.token_hex(32)
    return f"psok_{key_id}_{secret}", key_id, secret


def parts_of(key: str) -> tuple[str, str] | None:
    """Id and secret of a key; None for anything that is no key."""
    found = _KEY.fullmatch(key)
    return (found[1], found[2]) if found else None


def digest_of_secret(secret: str) -> bytes:
    """What is kept of a secret: its SHA-256."""
    return hashlib.sha256(secret.encode()).digest()
