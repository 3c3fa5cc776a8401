"""Files with what the register says: whole or not there, and for their owner's eyes only."""

import os
from collections.abc import Iterable
from pathlib import Path

from producers.failure import Failure


def write_whole(target: Path, parts: Iterable[bytes]) -> None:
    """Writes beside the target, then puts it in place. Mode 0600: the fact of reporting is protected. Raises Failure."""
    part = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        descriptor = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as out:
                out.writelines(parts)
                out.flush()
                os.fsync(out.fileno())
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise Failure(f"{target}: {error.strerror}") from None
