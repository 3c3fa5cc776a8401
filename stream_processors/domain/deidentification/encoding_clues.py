"""Whether a text can hold another encoding at all, asked of every place of it at once.

Each character becomes a byte whose bits say in which parts of an encoding it may stand, and the text becomes one long number.
Shifted by eight bits for each place and by the number of the bit, copies of that number have a bit in common where the parts
stand in a row. Every text that is disclosed pays for this; patterns took longer.
"""

from string import ascii_letters, digits, hexdigits

_MAY_STAND = (
    "IJKLMNOPQRSTUVWXYZabcdef",  # first of the four characters of base64 that stand for three printable ones
    "CDEFGHSTUVWXijklmnyz0123AQgw",  # second, or the last where an end is padded: RFC 4648 sections 4 and 5
    "ABEFIJMNQRUVYZcdghklopstwx014589",  # third
    ascii_letters + digits + "+/_-",  # fourth
    hexdigits,
    "%=",
    " ",
    "A",  # six bits of nothing, of which UTF-16 is full
)
BITS = bytes(sum(1 << bit for bit, those in enumerate(_MAY_STAND) if chr(code) in those) for code in range(256))
"""Of each character of Latin-1; what lies above it has none."""
_LOWEST = int.from_bytes(b"\1" * 50_000, "little")
"""The first bit of every byte of the longest narrative."""


_ODD = bytes(code & 1 for code in range(256))


def may_hide(text: str) -> bool:
    """False where no four characters in a row stand in the text as base64, hexadecimal digits, escapes or references."""
    if "\\" in text or "&#" in text or "0x" in text:
        return True
    bits = _bits_of(text)
    pair = _pairs(bits)
    marked = (bits >> 5) & (pair >> 8)
    spaced = (bits >> 6) & (pair >> 8)
    return bool((_in_a_row(bits, pair) | marked | (spaced & (spaced >> 24) & (spaced >> 48))) & _LOWEST)


def rows(text: str) -> bytes:
    """By character: 1 where a row of base64 or of hexadecimal digits begins by which `may_hide` tells one, else 0."""
    bits = _bits_of(text)
    return _in_a_row(bits, _pairs(bits)).to_bytes(len(text), "little").translate(_ODD)


def digits_in_a_row(text: str) -> bytes:
    """By character: 1 where eight hexadecimal digits begin, four pairs of them with a sign between, or a sign and a pair."""
    bits = _bits_of(text)
    pair = _pairs(bits)
    four = pair & (pair >> 16) & (pair >> 32) & (pair >> 48)
    apart = pair & (pair >> 24) & (pair >> 48) & (pair >> 72)
    marked = (bits >> 5) & (pair >> 8)
    return (four | apart | marked).to_bytes(len(text), "little").translate(_ODD)


def may_escape(text: str) -> bool:
    """False where no sign stands in the text with which an escape or a reference begins."""
    return "%" in text or "=" in text or "&#" in text or "\\" in text or "0x" in text


def _bits_of(text: str) -> int:
    return int.from_bytes(text.encode("latin-1", "replace").translate(BITS), "little")


def _pairs(bits: int) -> int:
    """Two hexadecimal digits."""
    digit = bits >> 4
    return digit & (digit >> 8)


def _in_a_row(bits: int, pair: int) -> int:
    """Six characters of base64, four of which UTF-16 is full, or eight hexadecimal digits."""
    four = bits & (bits >> 9) & (bits >> 18) & (bits >> 27)
    base64 = four & (bits >> 32) & (bits >> 41)
    wide = (bits >> 7) & (bits >> 9) & (bits >> 19) & (bits >> 31)
    two_pairs = pair & (pair >> 16)
    return base64 | wide | (two_pairs & (two_pairs >> 32))
