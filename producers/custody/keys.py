"""The provider's signing key: made once, readable by its owner only, never printed. Its public half goes to whoever checks."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from producers.durable import write_new
from producers.failure import ExitCode, Failure


def public_path(path: Path) -> Path:
    """Where the public half of a key lies: beside it."""
    return path.with_name(path.name + ".pub")


def new_key(path: Path) -> Ed25519PrivateKey:
    """Makes a key and writes both halves. Raises Failure where either file is there: what it signed must stay verifiable."""
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    for found in (path, public_path(path)):
        if found.exists():
            raise Failure(f"{found} exists and is not replaced: name another file in PSO_PRODUCE_CUSTODY_KEY_FILE")
    _write(public_path(path), public, 0o644)
    _write(path, private, 0o600)  # last: a kill in between leaves a public half that nothing was signed for
    return key


def load_key(path: Path) -> Ed25519PrivateKey:
    """Raises Failure, which never quotes the file."""
    try:
        mode, data = path.stat().st_mode, path.read_bytes()
    except OSError as error:
        raise Failure(f"key {path}: {error.strerror}: make one with `pso-produce key new`", ExitCode.USAGE) from None
    if mode & 0o077:
        raise Failure(f"key {path}: others may read it: `chmod 600` it, or make a new one if others did", ExitCode.REFUSED)
    try:
        key = load_pem_private_key(data, None)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise Failure(f"key {path}: it holds no Ed25519 key in PEM: make one with `pso-produce key new`", ExitCode.USAGE)
    return key


def _write(path: Path, data: bytes, mode: int) -> None:
    try:
        write_new(path, [data], mode)
    except OSError as error:
        raise Failure(f"key {path}: {error.strerror}") from None
