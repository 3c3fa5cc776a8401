"""A file or standard input as bytes to be read once, unpacked where it is gzip, with a look at what comes first."""

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from producers.commands.presentation import reading_bar, talk
from producers.failure import Failure
from producers.readers.encodings import Encoding, Recognised, recognised
from producers.readers.unpacking import unpacked

_BLOCK_BYTES = 1 << 20
_HEAD_BYTES = 4096
_GZIP = b"\x1f\x8b"


@contextmanager
def opened(file: str) -> Iterator[io.BufferedReader]:
    """The bytes of the file, unpacked whatever its name. Raises Failure."""
    size = None if file == "-" else _size(file)
    with _raw(file) as raw, reading_bar(Path(file).name, raw, size) as shown:
        # The bar's stream is a raw one.
        stream = cast("io.BufferedReader", shown if shown is raw else io.BufferedReader(cast("io.RawIOBase", shown)))
        yield unpacked(stream) if stream.peek(2).startswith(_GZIP) else stream


def head_of(stream: io.BufferedReader) -> bytes:
    """The first bytes, which are still there for whoever reads."""
    return stream.peek(_HEAD_BYTES)[:_HEAD_BYTES]


def recognised_encoding(file: str, stream: io.BufferedReader, told_as: str) -> Encoding:
    """The encoding, told where it is not the expected one."""
    found = _recognised(file, stream)
    if found.because:
        talk(f"{told_as}: read as {found.encoding} ({found.because}); --encoding says otherwise")
    return found.encoding


def _recognised(file: str, stream: io.BufferedReader) -> Recognised:
    """The encoding of a file, read once beforehand; of standard input, which comes once, by its first block."""
    if file == "-":
        return recognised(io.BytesIO(stream.peek(_BLOCK_BYTES)))
    with _raw(file) as raw:
        try:
            return recognised(unpacked(raw) if raw.peek(2).startswith(_GZIP) else raw)
        except (EOFError, OSError):  # a damaged archive: the reader tells where
            return recognised(io.BytesIO(head_of(stream)))


def _size(file: str) -> int | None:
    path = Path(file)
    return path.stat().st_size if path.is_file() else None


def _raw(file: str) -> io.BufferedReader:
    try:
        return io.BufferedReader(io.FileIO(sys.stdin.fileno() if file == "-" else file), _BLOCK_BYTES)
    except OSError as error:
        raise Failure(f"{file}: {error.strerror}") from None
