"""Which names exist for a client: the folder itself, and in it uploads, what waits to be taken, and acks. Nothing else."""

import posixpath
from enum import Enum

from producers.drops import ACK, MANIFEST, PART, takes


class Kind(Enum):
    """What a file is to the client."""

    UPLOAD = "upload"  # NAME.part: may be written and removed
    WAITING = "waiting"  # NAME or its manifest: whole, and nobody's but the reader's
    ACK = "ack"  # NAME.ack.jsonl: may be fetched and removed


def kind_of(name: str) -> Kind | None:
    """None for what does not exist for a client: inner folders, acks being written, odd names."""
    if _whole(name):
        return Kind.WAITING
    for suffix, kind in ((PART, Kind.UPLOAD), (ACK, Kind.ACK)):
        if name.endswith(suffix) and _whole(name.removesuffix(suffix)):
            return kind
    return None


def _whole(name: str) -> bool:
    """A drop's own name, or that of its manifest."""
    return takes(name) and takes(name.removesuffix(MANIFEST))


def name_in(path: bytes) -> str | None:
    """The name of which a client's path speaks, "" for the folder itself, None for what cannot be in the folder.

    A path with `..` is never resolved: no client needs it where there is one folder.
    """
    try:
        parts = [part for part in path.decode("ascii").split("/") if part not in ("", ".")]
    except UnicodeDecodeError:
        return None
    if not parts:
        return ""
    return parts[0] if len(parts) == 1 and parts[0] != ".." else None


def shown_path(path: bytes) -> bytes:
    """The path as the client's own root shows it: nothing is above that."""
    return posixpath.normpath(b"/" + path.lstrip(b"/"))
