"""The six encodings in which no identifier may be found (plain, upper, base64, hex, URL, UTF-16), as files write them."""

import base64
import urllib.parse
from binascii import b2a_base64
from collections.abc import Callable, Mapping

Encoding = Callable[[str], str]


def _base64(octets: bytes) -> str:
    return base64.b64encode(octets).decode()


ENCODINGS: Mapping[str, Encoding] = {
    "plain": lambda text: text,
    "upper": str.upper,
    "base64": lambda text: _base64(text.encode()),
    "base64 of capitals": lambda text: _base64(text.upper().encode()),
    "base64 for links, unpadded": lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
    "base64 behind a letter": lambda text: "x" + _base64(text.encode()),
    "base64 within a phrase": lambda text: _base64(f"seen by {text} today".encode()),
    "hex": lambda text: text.encode().hex(),
    "hex in capitals": lambda text: text.encode().hex().upper(),
    "hex with spaces": lambda text: text.encode().hex(" "),
    "hex with a prefix": lambda text: "0x" + text.encode().hex(),
    "hex as escapes": lambda text: "".join(f"\\x{octet:02x}" for octet in text.encode()),
    "URL": lambda text: urllib.parse.quote(text, safe=""),
    "URL, every character": lambda text: "".join(f"%{octet:02X}" for octet in text.encode()),
    "quoted-printable": lambda text: "".join(f"={octet:02X}" for octet in text.encode()),
    "character references": lambda text: "".join(f"&#{ord(character)};" for character in text),
    "escapes of JSON": lambda text: "".join(f"\\u{ord(character):04x}" for character in text),
    "UTF-16 read as letters": lambda text: text.encode("utf-16-le").decode("latin-1"),
    "UTF-16 in base64": lambda text: _base64(text.encode("utf-16-le")),
    "UTF-16, big end first, in base64": lambda text: _base64(text.encode("utf-16-be")),
    "UTF-16 in hex": lambda text: text.encode("utf-16-le").hex(),
    "UTF-16, big end first, in hex": lambda text: text.encode("utf-16-be").hex(),
}
AS_TYPED: Mapping[str, Encoding] = {
    "lower": str.lower,
    "possessive": lambda text: f"{text}'s",
    "bracketed": lambda text: f"({text}),",
}
ILLEGIBLE = tuple(name for name in ENCODINGS if name not in ("plain", "upper", "URL"))
"""Those in which no reader recognises a name, so that a text has no reason to hold one."""


def searched_for(token: str) -> set[bytes]:
    """A token in every encoding, in lower case, as it is looked for in bytes that are in lower case as well.

    base64 of a part of a phrase is cut to the characters that depend on the token alone, at each of three places.
    """
    found = {token.lower().encode(), token.lower().encode("utf-16-le"), token.lower().encode("utf-16-be")}
    if not token.isalnum():
        found.add(urllib.parse.quote(token, safe="").lower().encode())
    for spelling in {token, token.lower(), token.upper()}:
        octets = spelling.encode()
        found.add(octets.hex().encode())
        found.add(b"%" + octets.hex("%").encode())
        found |= _cores(octets)
    for wide in (token.encode("utf-16-le"), token.encode("utf-16-be")):
        found.add(wide.hex().encode())
        found |= _cores(wide)
    return found


def _cores(octets: bytes) -> set[bytes]:
    """What base64 of any text with these bytes in it holds, in lower case: the characters that are theirs alone."""
    end = len(octets) * 8
    return {
        b2a_base64(octets)[: end // 6].lower(),
        b2a_base64(b"\0" + octets)[2 : (8 + end) // 6].lower(),
        b2a_base64(b"\0\0" + octets)[3 : (16 + end) // 6].lower(),
    }
