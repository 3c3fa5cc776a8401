"""Reads the shipped word list."""

import gzip
import hashlib
import json
from importlib.resources import files


def packed_words() -> bytes:
    """The shipped file, checked against its manifest. Raises ValueError where it is not the file that was built."""
    folder = files(__package__)
    packed = folder.joinpath("words.txt.gz").read_bytes()
    expected = json.loads(folder.joinpath("manifest.json").read_bytes())["sha256"]
    if hashlib.sha256(packed).hexdigest() != expected:
        raise ValueError("the lexicon does not match its manifest")
    return packed


def lines_of(packed: bytes) -> bytes:
    """One line for each word: the folded word, a space, its flags in hexadecimal; sorted by word."""
    return gzip.decompress(packed)


def flags_by_word(lines: bytes) -> dict[str, int]:
    """The flags of each word, for the pure decoder (about 40 MB)."""
    pairs = (line.split(" ") for line in lines.decode("ascii").splitlines())
    return {word: int(bits, 16) for word, bits in pairs}
