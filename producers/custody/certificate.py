"""A custody certificate: what the register says of items, signed. It names no person and quotes no words of an event."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from producers.custody.verify import FORMAT, canonical, claims
from producers.pses.entries import Entry


@dataclass(frozen=True, slots=True)
class Certificate:
    """`body`: what is certified; `document`: the file, with the signature beside the body."""

    body: dict[str, Any]
    signature: dict[str, str]

    @property
    def document(self) -> bytes:
        return canonical({"body": self.body, "signature": self.signature}) + b"\n"


def certificate(
    entries: Iterable[tuple[Entry, bytes]], head: tuple[int, bytes], issued_at: str, key: Ed25519PrivateKey
) -> Certificate:
    """Certifies the items of these entries, which must be all entries of each item up to the head of the register.

    `head`: number and hash of the register's last entry, so that a register shortened or rewritten later shows.
    """
    items: dict[tuple[str, str, int], tuple[list[Any], list[str]]] = {}
    for entry, sealed in entries:
        told, hashes = items.setdefault(entry.subject, ([], []))
        told.append(msgspec.to_builtins(entry))
        hashes.append(sealed.hex())
    body = {
        "format": FORMAT,
        "issued_at": issued_at,
        "register": {"entries": head[0], "hash": head[1].hex()},
        "items": [claims(told, hashes) for told, hashes in items.values()],
    }
    return Certificate(body, _signature(body, key))


def _signature(body: dict[str, Any], key: Ed25519PrivateKey) -> dict[str, str]:
    public = key.public_key().public_bytes_raw().hex()
    return {"algorithm": "Ed25519", "public_key": public, "value": key.sign(canonical(body)).hex()}


def file_stem(events: Sequence[str]) -> str:
    """How the files of a certificate are called: by its event, as far as its id makes a file name, or by their number."""
    if len(events) != 1:
        return f"custody-of-{len(events)}-events"
    (event,) = events
    plain = re.fullmatch(r"[A-Za-z0-9._-]+", event)
    return "custody-" + (event if plain else hashlib.sha256(event.encode()).hexdigest()[:32])
