"""A stream of bytes as numbered lines of bounded length, so that no file can take all memory."""

import zlib
from collections.abc import Iterator
from typing import IO, NamedTuple

from producers.readers.outcome import Reason
from producers.readers.unpacking import ExpandsTooFar

MAX_LINE_BYTES = 1_048_576
EXPANDS_TOO_FAR = "unpacks to far more than any report does: pack it anew, or send it unpacked"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Line(NamedTuple):
    """A line with its end as in the file. With a `flaw` it has no bytes."""

    number: int
    data: bytes
    flaw: Reason | None = None


def lines(stream: IO[bytes]) -> Iterator[Line]:
    """The lines of a stream, from 1. A line over MAX_LINE_BYTES is passed over; damage ends the stream."""
    number = 0
    try:
        while data := stream.readline(MAX_LINE_BYTES + 1):
            number += 1
            if len(data) > MAX_LINE_BYTES:
                _skip_rest(stream, data)
                yield Line(number, b"", Reason.TOO_LONG)
            else:
                yield Line(number, data.removeprefix(_BYTE_ORDER_MARK) if number == 1 else data)
    except ExpandsTooFar:
        yield Line(number + 1, b"", Reason.EXPANDS_TOO_FAR)
    except (EOFError, OSError, zlib.error):  # a compressed file cut short or corrupted, a disk that does not answer
        yield Line(number + 1, b"", Reason.DAMAGED_FILE)


def _skip_rest(stream: IO[bytes], data: bytes) -> None:
    while data and not data.endswith(b"\n"):
        data = stream.readline(MAX_LINE_BYTES)
