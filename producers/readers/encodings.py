"""Which encoding a text is in, told by its mark or its bytes and never silently, and the text as a stream of UTF-8."""

import codecs
import io
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_BLOCK_BYTES = 1 << 20
_ENOUGH_MARKS = 10_000
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_NO_UTF8 = re.compile("[\udc80-\udcff]")


class Encoding(StrEnum):
    """The encodings that a file may be in, by Python's names."""

    UTF_8 = "utf-8"
    UTF_16_LE = "utf-16-le"
    UTF_16_BE = "utf-16-be"
    CP1252 = "cp1252"


_BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: Encoding.UTF_8,
    codecs.BOM_UTF16_LE: Encoding.UTF_16_LE,
    codecs.BOM_UTF16_BE: Encoding.UTF_16_BE,
}


@dataclass(frozen=True, slots=True)
class Recognised:
    """An encoding, and what showed it; empty where every byte is ASCII or a byte of valid UTF-8."""

    encoding: Encoding
    because: str = ""


def recognised(stream: BinaryIO) -> Recognised:
    """The encoding of a text, of which no more is read and kept than needed.

    A byte order mark decides; then NULs in every other byte; then whether most of what is not ASCII is valid UTF-8.
    What is left is taken for cp1252, as Windows writes it: whoever knows better says so.
    """
    block = stream.read(_BLOCK_BYTES)
    for mark, encoding in _BYTE_ORDER_MARKS.items():
        if block.startswith(mark):
            return Recognised(encoding, "" if encoding is Encoding.UTF_8 else "its byte order mark")
    if utf_16 := _by_nuls(block):
        return Recognised(utf_16, "NUL in every other byte")
    fits, fits_not = _fitting_utf8(block, stream)
    if fits_not > fits:
        return Recognised(Encoding.CP1252, "bytes that are not UTF-8")
    return Recognised(Encoding.UTF_8)


def as_utf8(stream: BinaryIO, encoding: Encoding) -> BinaryIO:
    """The same text in UTF-8. What the encoding has no character for comes out as bytes that are no UTF-8."""
    if encoding is Encoding.UTF_8:
        return stream
    return io.BufferedReader(_Transcoding(stream, encoding), _BLOCK_BYTES)


def _by_nuls(block: bytes) -> Encoding | None:
    """Latin letters have a NUL before them in big-endian UTF-16, and behind them in little-endian."""
    sample = block[:4096]
    before, behind = sample[0::2].count(0), sample[1::2].count(0)
    if not sample or max(before, behind) * 4 < len(sample) or min(before, behind) * 10 > max(before, behind):
        return None
    return Encoding.UTF_16_BE if before > behind else Encoding.UTF_16_LE


def _fitting_utf8(block: bytes, stream: BinaryIO) -> tuple[int, int]:
    """How many characters beyond ASCII are valid UTF-8, and how many bytes are not."""
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    fits = fits_not = 0
    while block and fits + fits_not < _ENOUGH_MARKS:
        text = decoder.decode(block)
        if not text.isascii():
            wrong = len(_NO_UTF8.findall(text))
            fits_not += wrong
            fits += len(_BEYOND_ASCII.findall(text)) - wrong
        block = stream.read(_BLOCK_BYTES)
    return fits, fits_not


class _Transcoding(io.RawIOBase):
    """Reads another encoding as UTF-8; memory holds one block."""

    def __init__(self, stream: BinaryIO, encoding: Encoding) -> None:
        self._stream = stream
        # A lone half of a pair, or a byte without a character, stays a lone surrogate: it can be found in its cell.
        errors = "surrogateescape" if encoding is Encoding.CP1252 else "surrogatepass"
        self._decoder = codecs.getincrementaldecoder(encoding)(errors)
        self._ready = b""
        self._begun = self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        view = memoryview(buffer).cast("B")
        while not self._ready and not self._ended:
            self._ready = self._next_block()
        taken = min(len(view), len(self._ready))
        view[:taken] = self._ready[:taken]
        self._ready = self._ready[taken:]
        return taken

    def _next_block(self) -> bytes:
        block = self._stream.read(_BLOCK_BYTES // 4)
        self._ended = not block
        try:
            text = self._decoder.decode(block, final=self._ended)
        except UnicodeDecodeError:  # half a character at the end
            text = "\udcff"
        if text and not self._begun:
            text, self._begun = text.removeprefix("\ufeff"), True
        return text.encode("utf-8", "surrogatepass")
