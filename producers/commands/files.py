"""Files with what the register says: whole or not there, and for their owner's eyes only."""

import os
from collections.abc import Iterable
from pathlib import Path

from producers.durable import write_new
from producers.failure import Failure


def write_whole(target: Path, parts: Iterable[bytes]) -> None:
    """Writes beside the target, then puts it in place. Mode 0600: the fact of reporting is protected. Raises Failure."""
    part = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        write_new(part, parts)
        try:
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise Failure(f"{target}: {error.strerror}") from None
