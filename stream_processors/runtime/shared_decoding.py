"""A record is decoded once, though several steps of one worker read it.

Records are frozen and a function of their bytes, so steps may share them. Three steps read pso-events-classified at about the
same time; measured with all steps in one worker, sharing saves two of five decodings of each event.
"""

from functools import lru_cache

from schemas.codec import Codec, R

REMEMBERED = 5_000
"""Records: what the readers of one topic may be apart, four partitions of two chunks each, and more."""

LARGEST = 8_192
"""Bytes of a record that is remembered: bounds the memory to about 100 MB even under attack."""


class SharedDecoding:
    """Decodes as the codec does, and remembers."""

    def __init__(self, codec: Codec) -> None:
        self._decode = codec.decode
        self._remembered = lru_cache(REMEMBERED)(codec.decode)

    def decode(self, value: bytes | None, expected: type[R]) -> R:
        """As Codec.decode. What cannot be decoded is not remembered."""
        if value is None or len(value) > LARGEST:
            return self._decode(value, expected)
        record: R = self._remembered(value, expected)
        return record
