"""gzip as a stream that may not grow without measure: a few kilobytes must not keep a machine busy for hours."""

import gzip
import io
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_FREE_BYTES = 64 << 20
_MOST_TIMES = 200
"""Exports shrink 5 to 40 times; gzip can do 1,032 times, with nothing but one byte repeated."""
_BLOCK_BYTES = 1 << 16


class ExpandsTooFar(OSError):
    """The packed bytes give far more than a report can hold."""


def unpacked(stream: BinaryIO) -> io.BufferedReader:
    """What a gzip stream holds. Reading raises ExpandsTooFar past 64 MiB and 200 times the packed bytes read so far."""
    return io.BufferedReader(_Bounded(stream), _BLOCK_BYTES)


class _Counted(io.RawIOBase):
    """Counts what is read of the packed bytes."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.bytes = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        data = self._stream.read(size)
        self.bytes += len(data)
        return data


class _Bounded(io.RawIOBase):
    def __init__(self, stream: BinaryIO) -> None:
        self._packed = _Counted(stream)
        self._unpacked = gzip.GzipFile(fileobj=self._packed)
        self._bytes = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        count = self._unpacked.readinto(buffer)
        self._bytes += count
        if self._bytes > _FREE_BYTES + _MOST_TIMES * self._packed.bytes:
            raise ExpandsTooFar
        return count
