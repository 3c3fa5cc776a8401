"""The body of a request as bytes, bounded in size, time and memory, also when it unpacks to more than it seems."""

import asyncio
import zlib

from starlette.requests import ClientDisconnect, Request

from producers.gateway.limits import BODY_SECONDS, MAX_BODY_BYTES, MAX_UNPACKED_BYTES, Room
from producers.gateway.problems import Kind, Refused

MAX_MEMBERS = 100
_GZIP = 16 + zlib.MAX_WBITS


async def received(request: Request, room: Room, most: int = MAX_BODY_BYTES, seconds: float = BODY_SECONDS) -> bytes:
    """The body as it was sent, its bytes taken from `room`. Raises Refused, and Full."""
    declared = request.headers.get("content-length", "0")
    if not declared.isdigit() or int(declared) > most:
        raise Refused(Kind.TOO_LARGE, f"at most {most} bytes")
    try:
        async with asyncio.timeout(seconds):
            return await _read(request, room, most)
    except TimeoutError:
        raise Refused(Kind.TOO_SLOW, f"a body must be here within {seconds:g} s") from None
    except ClientDisconnect:
        raise Refused(Kind.MALFORMED, "the body ended before its end") from None


async def _read(request: Request, room: Room, most: int) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        room.take(len(chunk))
        body += chunk
        if len(body) > most:
            raise Refused(Kind.TOO_LARGE, f"at most {most} bytes")
    return bytes(body)


def unpacked(data: bytes, encoding: str, most: int = MAX_UNPACKED_BYTES) -> bytes:
    """The bytes behind Content-Encoding. Never holds more than `most` of them. Raises Refused."""
    if encoding in ("", "identity"):
        return data
    if encoding not in ("gzip", "x-gzip"):
        raise Refused(Kind.UNSUPPORTED_MEDIA_TYPE)
    found = bytearray()
    members = 0
    try:
        while data:  # gzip files may be joined end to end, but a million empty ones are an attack
            members += 1
            if members > MAX_MEMBERS:
                raise Refused(Kind.TOO_LARGE, f"at most {MAX_MEMBERS} gzip members")
            stream = zlib.decompressobj(_GZIP)
            found += stream.decompress(data, most + 1 - len(found))
            if len(found) > most:
                raise Refused(Kind.TOO_LARGE, f"at most {most} bytes unpacked")
            if not stream.eof:
                raise Refused(Kind.MALFORMED, "the gzip body is cut short")
            data = stream.unused_data
    except zlib.error:
        raise Refused(Kind.MALFORMED, "the body is no gzip") from None
    return bytes(found)
