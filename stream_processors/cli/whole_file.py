"""A file that is there whole or not at all: whoever reads it after a kill sees the old one or the new one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO


@contextmanager
def whole_file(target: Path) -> Iterator[TextIO]:
    """Written beside the target in UTF-8, and put in its place at the end. A target that is no file is written to as it is.

    Two commands that write one target at once do not mix: the last one to end has written it.
    """
    target = target.resolve()
    if target.exists() and not target.is_file():
        with target.open("w", encoding="utf-8", newline="") as out:
            yield out
        return
    part = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        with part.open("w", encoding="utf-8", newline="") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())  # else a power cut may leave the new name and none of its bytes
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
