"""What the directory of a zip archive says of its entries: enough to refuse a bomb before anything is unpacked."""

import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import BinaryIO

MOST_BYTES = 96 << 20
MOST_TIMES = 200
MOST_ENTRIES = 2_000
_FREE_BYTES = 1 << 20
_ENCRYPTED = 0x1


def refusal(archive: BinaryIO) -> str:
    """Why the archive is not opened; empty when it may be. Nothing is unpacked and no name is used as a path."""
    try:
        with zipfile.ZipFile(archive) as opened:
            return next(_reasons(opened.infolist()), "")
    except (zipfile.BadZipFile, zipfile.LargeZipFile, OSError, ValueError, NotImplementedError):
        return "the archive is damaged"


def _reasons(entries: list[zipfile.ZipInfo]) -> Iterator[str]:
    if len(entries) > MOST_ENTRIES:
        yield f"the archive has more than {MOST_ENTRIES} entries"
    if sum(entry.file_size for entry in entries) > MOST_BYTES:
        yield f"the archive unpacks to more than {MOST_BYTES} bytes: save the sheet as CSV"
    for entry in entries:
        if entry.file_size > _FREE_BYTES + MOST_TIMES * entry.compress_size:
            yield f"an entry of the archive unpacks to more than {MOST_TIMES} times its size"
        if entry.flag_bits & _ENCRYPTED:
            yield "the archive is encrypted: save it without a password"
        if _leads_out(entry.filename):
            yield "an entry of the archive has a name that leads out of it"
    if len({entry.filename for entry in entries}) < len(entries):
        yield "two entries of the archive have one name: readers could see either"


def _leads_out(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or ":" in name
