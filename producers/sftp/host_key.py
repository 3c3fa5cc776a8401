"""The server's own key: made once, readable by its owner only. Who has it can pass for the server."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_ssh_private_key,
)

from producers.durable import write_new
from producers.failure import ExitCode, Failure


def host_key(path: Path) -> bytes:
    """The private key in OpenSSH's form; made where there is none. Raises Failure, which never quotes the file."""
    try:
        _make_where_missing(path)
        mode, data = path.stat().st_mode, path.read_bytes()
    except OSError as error:
        raise Failure(f"host key {path}: {error.strerror}: name another file in PSO_SFTP_HOST_KEY_FILE") from None
    if mode & 0o077:
        told = "others may read it: `chmod 600` it, or put a new one there if others did"
        raise Failure(f"host key {path}: {told}", ExitCode.REFUSED)
    public_line(data, path)
    return data


def public_line(private: bytes, path: Path) -> str:
    """What clients put into `known_hosts` behind the server's name. Raises Failure where it is no Ed25519 key."""
    try:
        key = load_ssh_private_key(private, None)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        told = "it holds no Ed25519 key without a passphrase: `ssh-keygen -t ed25519 -N ''` makes one"
        raise Failure(f"host key {path}: {told}", ExitCode.USAGE)
    return key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()


def _make_where_missing(path: Path) -> None:
    """A kill leaves either no key or a whole one."""
    if path.exists():
        return
    data = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    write_new(part, [data])
    part.replace(path)
