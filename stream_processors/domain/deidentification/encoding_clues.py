"""Whether a text can hold another encoding at all, asked of every place of it at once.

Each character becomes a byte whose bits say in which parts of an encoding it may stand, and the text becomes one long number.
Shifted by eight bits for each place and by the number of the bit, copies of that number have a bit in common where the parts
stand in a row. Every text that is disclosed pays for this, and patterns took twice as long.
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
_BITS = bytes(sum(1 << bit for bit, those in enumerate(_MAY_STAND) if chr(code) in those) for code in range(256))
_LOWEST = int.from_bytes(b"\1" * 50_000, "little")
"""The first bit of every byte of the longest narrative."""


def may_hide(text: str) -> bool:
    """False where no four characters in a row stand in the text as base64, hexadecimal digits, escapes or references."""
    if "\\" in text or "&#" in text or "0x" in text:
        return True
    bits = int.from_bytes(text.encode("latin-1", "replace").translate(_BITS), "little")
    four = bits & (bits >> 9) & (bits >> 18) & (bits >> 27)
    base64 = four & (bits >> 32) & (bits >> 41)
    wide = (bits >> 7) & (bits >> 9) & (bits >> 19) & (bits >> 31)
    digit = bits >> 4
    pair = digit & (digit >> 8)
    two_pairs = pair & (pair >> 16)
    marked = (bits >> 5) & (pair >> 8)
    spaced = (bits >> 6) & (pair >> 8)
    return bool(
        (base64 | wide | (two_pairs & (two_pairs >> 32)) | marked | (spaced & (spaced >> 24) & (spaced >> 48))) & _LOWEST
    )
