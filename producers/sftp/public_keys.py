"""A provider's public key as `ssh-keygen` writes it -> the SHA-256 by which it is known, the one that `ssh-keygen -l` shows."""

import base64
import binascii
import hashlib
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_ssh_public_key

from producers.failure import ExitCode, Failure

KINDS = ("ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521")
"""No RSA: its signatures may be made with SHA-1, and OpenSSH has had Ed25519 since 6.5 of 2014."""
_MOST_BYTES = 16_384


def digest_of(data: bytes) -> bytes:
    """The SHA-256 of a public key in its SSH form (RFC 4253, 6.6)."""
    return hashlib.sha256(data).digest()


def shown(digest: bytes) -> str:
    """A digest as OpenSSH shows it."""
    return "SHA256:" + base64.b64encode(digest).decode().rstrip("=")


def read_public_key(path: Path) -> bytes:
    """The digest of the key in a file like `id_ed25519.pub`. Raises Failure, which never quotes the file."""
    try:
        with path.open("rb") as file:
            line = file.read(_MOST_BYTES).strip()
    except OSError as error:
        raise Failure(f"{path}: {error.strerror}", ExitCode.USAGE) from None
    kind, _, rest = line.partition(b" ")
    if kind.decode("ascii", "replace") not in KINDS or b"\n" in line:
        told = f"it must hold one public key on one line, of the kind {', '.join(KINDS)}: `ssh-keygen -t ed25519` makes one"
        raise Failure(f"{path}: {told}", ExitCode.USAGE)
    try:
        load_ssh_public_key(line)
        return digest_of(base64.b64decode(rest.split(b" ")[0], validate=True))
    except (ValueError, UnsupportedAlgorithm, binascii.Error):
        raise Failure(f"{path}: the public key is damaged", ExitCode.USAGE) from None
