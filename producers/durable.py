"""What a power cut must not take: the bytes of a file, and its name."""

import os
from collections.abc import Iterable
from pathlib import Path


def sync(path: Path) -> None:
    """The bytes of a file, or the names in a folder, are on disk when this returns. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_new(path: Path, parts: Iterable[bytes], mode: int = 0o600) -> None:
    """A file that was not there, on disk when this returns, and nothing of it where that fails. Raises OSError."""
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode)
    try:
        with os.fdopen(descriptor, "wb") as out:
            out.writelines(parts)
            out.flush()
            os.fsync(out.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
